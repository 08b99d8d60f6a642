package io.manul.apiserver.engine.crd;

import io.manul.json.Json;
import java.util.List;
import java.util.Map;

/** Fills in a structural schema's defaults ("Defaulting"): what is absent, or null where null may not be. */
final class Defaulting {

    private Defaulting() {
    }

    @SuppressWarnings("unchecked")
    static void fill(Object value, Node node) {
        if (!node.defaulting) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            properties((Map<String, Object>) map, node);
            if (node.additional != null) {
                map.forEach((k, v) -> {
                    if (!node.properties.containsKey((String) k)) {
                        fill(v, node.additional);
                    }
                });
            }
        } else if (value instanceof List<?> list && node.items != null) {
            list.forEach(v -> fill(v, node.items));
        }
    }

    private static void properties(Map<String, Object> map, Node node) {
        node.properties.forEach((name, of) -> {
            boolean absent = map.get(name) == null && !(of.nullable && map.containsKey(name));
            if (absent && of.standard != null) {
                map.put(name, Json.copy(of.standard));
            }
            fill(map.get(name), of);
        });
    }
}
