package io.manul.apiserver.engine.crd;

import io.manul.apiserver.engine.kind.Model.Decoded;
import io.manul.apiserver.engine.validation.BuiltInModel;
import io.manul.json.Obj;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Drops what a structural schema does not describe, and nulls where none may be ("Field pruning", "Defaulting and Nullable");
 * metadata is read as ObjectMeta. Safe from any thread.
 */
final class Pruning {

    static final Set<String> RESOURCE = Set.of("apiVersion", "kind", "metadata");

    private final BuiltInModel objectMeta;

    Pruning(BuiltInModel objectMeta) {
        this.objectMeta = objectMeta;
    }

    /** @param resource true for a whole object: it has apiVersion, kind and metadata whatever the schema says */
    void object(Map<String, Object> map, Node node, String path, boolean resource, Decoded found) {
        for (Iterator<Map.Entry<String, Object>> it = map.entrySet().iterator(); it.hasNext();) {
            Map.Entry<String, Object> e = it.next();
            String at = path.isEmpty() ? e.getKey() : path + "." + e.getKey();
            if (resource && RESOURCE.contains(e.getKey())) {
                e.setValue(own(e.getKey(), e.getValue(), at, found));
                continue;
            }
            Node of = node.child(e.getKey());
            if (of == null) {
                if (!node.preserve && !node.anyAdditional) {
                    found.unknown().add(at);
                    it.remove();
                }
            } else if (e.getValue() == null && !of.nullable) {
                it.remove();
            } else {
                value(e.getValue(), of, at, found);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void value(Object value, Node node, String path, Decoded found) {
        if (value instanceof Map<?, ?> map && node.object()) {
            object((Map<String, Object>) map, node, path, node.embedded, found);
        } else if (value instanceof List<?> list && node.items != null) {
            for (int i = 0; i < list.size(); i++) {
                value(list.get(i), node.items, path + "[" + i + "]", found);
            }
        }
    }

    private Object own(String key, Object value, String path, Decoded found) {
        if (!key.equals("metadata")) {
            if (!(value instanceof String)) {
                found.wrong().add(path + ": expected a string");
            }
            return value;
        }
        Object metadata = value == null ? new LinkedHashMap<String, Object>() : value;
        Obj.from(metadata).ifPresentOrElse(m -> {
            Decoded inside = objectMeta.decode(m);
            inside.wrong().forEach(w -> found.wrong().add(path + "." + w));
            inside.unknown().forEach(u -> found.unknown().add(path + "." + u));
        }, () -> found.wrong().add(path + ": expected an object"));
        return metadata;
    }
}
