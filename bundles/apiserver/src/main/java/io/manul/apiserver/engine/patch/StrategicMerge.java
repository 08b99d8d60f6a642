package io.manul.apiserver.engine.patch;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import io.manul.schema.Field;
import io.manul.schema.Schema;
import io.manul.schema.Shape;
import io.manul.schema.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Strategic merge patch (Kubernetes, "Update API Objects in Place Using kubectl patch"; SIG API machinery, "Strategic Merge
 * Patch"): a merge patch that knows from the schema which lists merge and by which key, with the directives {@code $patch},
 * {@code $retainKeys}, {@code $setElementOrder/F} and {@code $deleteFromPrimitiveList/F}.
 */
public final class StrategicMerge {

    private static final String DIRECTIVE = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE = "$deleteFromPrimitiveList/";

    private final Schema schema;

    public StrategicMerge(Schema schema) {
        this.schema = schema;
    }

    /** The patched object; {@code original} may be changed in place. */
    public Map<String, Object> apply(Map<String, Object> original, Map<String, Object> patch, Type type) throws ApiException {
        return mergeMap(original, patch, type, null);
    }

    /** @param type of the object; null when unknown @param values shape of every value of a plain map; null when unknown */
    private Map<String, Object> mergeMap(Map<String, Object> original, Map<String, Object> patch, Type type, Shape values)
            throws ApiException {
        Object directive = patch.get(DIRECTIVE);
        switch (directive == null ? "merge" : directive instanceof String s ? s : Json.text(directive)) {
            case "replace" -> {
                return clean(without(patch, DIRECTIVE), type, values);
            }
            case "delete" -> {
                return new LinkedHashMap<>();
            }
            case "merge" -> { }
            default -> throw ApiException.badRequest("unknown $patch directive: " + Json.text(directive));
        }
        retain(original, patch);
        for (Map.Entry<String, Object> e : patch.entrySet()) {
            String key = e.getKey();
            if (key.startsWith(DELETE)) {
                deletePrimitives(original, key.substring(DELETE.length()), e.getValue());
            } else if (!key.startsWith("$")) {
                member(original, patch, key, e.getValue(), type, values);
            }
        }
        orderUntouched(original, patch, type);
        return original;
    }

    private void member(Map<String, Object> original, Map<String, Object> patch, String key, Object change, Type type,
            Shape values) throws ApiException {
        Field field = type == null ? null : type.fields().get(key);
        Shape shape = field == null ? values : field.shape();
        Object there = original.get(key);
        boolean replaced = field != null && field.patchStrategy().contains("replace");
        if (change == null) {
            original.remove(key);
        } else if (change instanceof Map<?, ?> m && (there instanceof Map || there == null) && !replaced) {
            Map<String, Object> base = there == null ? new LinkedHashMap<>() : asMap(there);
            original.put(key, mergeMap(base, asMap(m), typeOf(shape), valuesOf(shape)));
        } else if (change instanceof List<?> l && field != null && field.patchStrategy().contains("merge")) {
            List<Object> base = there instanceof List<?> have ? asList(have) : new ArrayList<>();
            original.put(key, mergeList(base, asList(l), field, patch.get(ORDER + key)));
        } else {
            original.put(key, Json.copy(change));
        }
    }

    // ---- lists

    private List<Object> mergeList(List<Object> original, List<Object> patch, Field field, Object order) throws ApiException {
        String mergeKey = field.patchMergeKey();
        List<Object> serverOrder = List.copyOf(original.stream().map(v -> identity(v, mergeKey)).toList());
        List<Object> merged = mergeKey.isEmpty() ? union(original, patch) : byKey(original, patch, field);
        return inOrder(merged, order instanceof List<?> wanted ? asList(wanted) : patch, serverOrder, mergeKey);
    }

    private static List<Object> union(List<Object> original, List<Object> patch) {
        List<Object> out = new ArrayList<>(original);
        for (Object value : patch) {
            if (!out.contains(value)) {
                out.add(value);
            }
        }
        return out;
    }

    private List<Object> byKey(List<Object> original, List<Object> patch, Field field) throws ApiException {
        String key = field.patchMergeKey();
        Type element = elementType(field.shape());
        List<Object> out = new ArrayList<>(original);
        if (patch.stream().anyMatch(p -> p instanceof Map<?, ?> m && "replace".equals(m.get(DIRECTIVE)))) {
            out.clear();
        }
        for (Object item : patch) {
            if (!(item instanceof Map<?, ?> m)) {
                throw ApiException.badRequest("the list " + field.name() + " merges objects by \"" + key + "\", got "
                        + Json.text(item));
            }
            mergeItem(out, asMap(m), field, element);
        }
        return out;
    }

    private void mergeItem(List<Object> out, Map<String, Object> item, Field field, Type element) throws ApiException {
        String key = field.patchMergeKey();
        Object directive = item.get(DIRECTIVE);
        if ("replace".equals(directive)) {
            if (item.size() > 1) {
                out.add(clean(without(item, DIRECTIVE), element, null));
            }
            return;
        }
        if (item.get(key) == null) {
            throw ApiException.badRequest("map: " + Json.text(item) + " does not contain declared merge key: " + key);
        }
        int at = find(out, key, item.get(key));
        if ("delete".equals(directive)) {
            out.removeIf(v -> item.get(key).equals(identity(v, key)));
        } else if (at >= 0) {
            out.set(at, mergeMap(asMap(out.get(at)), item, element, null));
        } else {
            out.add(clean(item, element, null));
        }
    }

    private static int find(List<Object> list, String key, Object value) {
        for (int i = 0; i < list.size(); i++) {
            if (value.equals(identity(list.get(i), key))) {
                return i;
            }
        }
        return -1;
    }

    private static Object identity(Object value, String mergeKey) {
        Object id = !mergeKey.isEmpty() && value instanceof Map<?, ?> m ? m.get(mergeKey) : value;
        return id == null ? "" : id;
    }

    /** Items in the patch's order; those only the server has keep their place relative to the others. */
    private static List<Object> inOrder(List<Object> merged, List<Object> wanted, List<Object> serverOrder, String key) {
        List<Object> order = wanted.stream().map(v -> identity(v, key)).toList();
        List<Object> listed = new ArrayList<>();
        for (Object id : order) {
            merged.stream().filter(v -> identity(v, key).equals(id)).findFirst().ifPresent(listed::add);
        }
        List<Object> others = new ArrayList<>(merged.stream().filter(v -> !order.contains(identity(v, key))).toList());
        List<Object> out = new ArrayList<>(merged.size());
        int next = 0;
        for (Object item : listed) {
            int place = serverOrder.indexOf(identity(item, key));
            while (place >= 0 && next < others.size()
                    && serverOrder.indexOf(identity(others.get(next), key)) < place) {
                out.add(others.get(next++));
            }
            out.add(item);
        }
        out.addAll(others.subList(next, others.size()));
        return out;
    }

    /** {@code $setElementOrder/F} may stand without F: then only the order changes. */
    private void orderUntouched(Map<String, Object> original, Map<String, Object> patch, Type type) {
        for (Map.Entry<String, Object> e : patch.entrySet()) {
            String name = e.getKey().startsWith(ORDER) ? e.getKey().substring(ORDER.length()) : "";
            if (name.isEmpty() || patch.containsKey(name) || !(original.get(name) instanceof List<?> list)
                    || !(e.getValue() instanceof List<?> wanted)) {
                continue;
            }
            Field field = type == null ? null : type.fields().get(name);
            String key = field == null ? "" : field.patchMergeKey();
            List<Object> server = list.stream().map(v -> identity(v, key)).toList();
            original.put(name, inOrder(asList(list), asList(wanted), server, key));
        }
    }

    private static void deletePrimitives(Map<String, Object> original, String name, Object values) {
        if (original.get(name) instanceof List<?> have && values instanceof List<?> gone) {
            List<Object> left = new ArrayList<>(have);
            left.removeIf(gone::contains);
            original.put(name, left);
        }
    }

    private static void retain(Map<String, Object> original, Map<String, Object> patch) throws ApiException {
        if (patch.get(RETAIN) instanceof List<?> keys) {
            for (String key : patch.keySet()) {
                if (!key.startsWith("$") && patch.get(key) != null && !keys.contains(key)) {
                    throw ApiException.badRequest("$retainKeys must name every field of the patch; it lacks \"" + key + "\"");
                }
            }
            original.keySet().removeIf(k -> !keys.contains(k));
        }
    }

    /** A part that is new on the server: the patch without its directives and nulls. */
    private Map<String, Object> clean(Map<String, Object> patch, Type type, Shape values) throws ApiException {
        return mergeMap(new LinkedHashMap<>(), patch, type, values);
    }

    private static Map<String, Object> without(Map<String, Object> map, String key) {
        Map<String, Object> out = new LinkedHashMap<>(map);
        out.keySet().removeAll(Set.of(key));
        return out;
    }

    // ---- shapes

    private Type typeOf(Shape shape) {
        return shape instanceof Shape.Ref ref ? schema.type(ref.type()).orElse(null) : null;
    }

    private static Shape valuesOf(Shape shape) {
        return shape instanceof Shape.MapOf map ? map.values() : null;
    }

    private Type elementType(Shape shape) {
        return shape instanceof Shape.ListOf list ? typeOf(list.items()) : null;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object m) {
        return (Map<String, Object>) m;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> asList(List<?> l) {
        return (List<Object>) l;
    }
}
