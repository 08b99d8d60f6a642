package io.manul.helm.cluster;

import io.manul.json.Obj;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON merge patch (RFC 7386) from one manifest to the next: what the new one says, and null for what only the old one said. */
final class ThreeWay {

    private ThreeWay() {
    }

    static Obj patch(Obj before, Obj wanted) {
        return Obj.view(merge(before.map(), wanted.map()));
    }

    private static Map<String, Object> merge(Map<?, ?> before, Map<?, ?> wanted) {
        Map<String, Object> patch = new LinkedHashMap<>();
        before.keySet().forEach(key -> {
            if (!wanted.containsKey(key)) {
                patch.put((String) key, null);
            }
        });
        wanted.forEach((key, value) -> {
            Object was = before.get(key);
            patch.put((String) key, value instanceof Map<?, ?> w ? merge(was instanceof Map<?, ?> b ? b : Map.of(), w) : value);
        });
        return patch;
    }
}
