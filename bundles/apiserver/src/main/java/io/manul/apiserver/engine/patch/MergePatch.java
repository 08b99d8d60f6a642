package io.manul.apiserver.engine.patch;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON Merge Patch (RFC 7386). */
public final class MergePatch {

    private MergePatch() {
    }

    /** The patched value; {@code target} may be changed in place. */
    public static Object apply(Object target, Object patch) {
        if (!(patch instanceof Map<?, ?> changes)) {
            return patch;
        }
        Map<String, Object> out = map(target);
        changes.forEach((k, change) -> {
            String key = (String) k;
            if (change == null) {
                out.remove(key);
            } else {
                out.put(key, apply(out.get(key), change));
            }
        });
        return out;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object target) {
        return target instanceof Map<?, ?> m ? (Map<String, Object>) m : new LinkedHashMap<>();
    }
}
