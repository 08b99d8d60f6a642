package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Json;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Checks values by a schema ("Validation"), in upstream's wording. Stateless. */
final class Values {

    private Values() {
    }

    /** @param path empty at the root */
    static void check(Object value, Node node, String path, FieldErrors errors) {
        check(value, null, node, path, errors);
    }

    /** @param old what was stored there, null for nothing: what did not change is taken as it is ("Validation ratcheting") */
    static void check(Object value, Object old, Node node, String path, FieldErrors errors) {
        if (value == null && node.nullable || value != null && value.equals(old)) {
            return;
        }
        type(value, node, path, errors);
        if (value == null) {
            return;
        }
        enums(value, node.rules, path, errors);
        Junctors.check(value, node.rules, path, errors);
        switch (value) {
            case String s -> Scalars.text(s, node, path, errors);
            case Number n -> Scalars.number(n, node, path, errors);
            case List<?> list -> items(list, old, node, path, errors);
            case Map<?, ?> map -> fields(map, old, node, path, errors);
            default -> { }
        }
    }

    private static void type(Object value, Node node, String path, FieldErrors errors) {
        if (node.types.isEmpty()) {
            return;
        }
        String is = typeOf(value);
        boolean fits = node.types.contains(is) || is.equals("integer") && node.types.contains("number")
                || is.equals("number") && node.types.contains("integer") && whole(value);
        if (!fits) {
            errors.type(path, is, path + " in body must be of type " + String.join(",", node.types) + ": " + Json.text(is));
        }
    }

    static String typeOf(Object value) {
        return switch (value) {
            case null -> "null";
            case String s -> "string";
            case Boolean b -> "boolean";
            case Long n -> "integer";
            case Integer n -> "integer";
            case Number n -> "number";
            case List<?> l -> "array";
            default -> "object";
        };
    }

    /** 1.0 is an integer in JSON Schema; beyond 2^53 a double does not say which one. */
    private static boolean whole(Object value) {
        return value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1L << 53;
    }

    private static void enums(Object value, Rules rules, String path, FieldErrors errors) {
        if (!rules.enums.isEmpty() && rules.enums.stream().noneMatch(e -> same(e, value))) {
            Set<String> supported = new TreeSet<>();
            rules.enums.forEach(e -> supported.add(e instanceof String s ? s : Json.text(e)));
            errors.notSupported(path, value, supported);
        }
    }

    static boolean same(Object a, Object b) {
        BigDecimal x = Rules.decimal(a);
        BigDecimal y = Rules.decimal(b);
        return x != null && y != null ? x.compareTo(y) == 0 : Objects.equals(a, b);
    }

    // ---- lists

    private static void items(List<?> list, Object old, Node node, String path, FieldErrors errors) {
        Rules rules = node.rules;
        if (rules.minItems > list.size()) {
            errors.invalid(path, (long) list.size(), path + " in body should have at least " + rules.minItems + " items");
        }
        if (rules.maxItems != Rules.NO && list.size() > rules.maxItems) {
            errors.tooMany(path, list.size(), (int) rules.maxItems);
        }
        if (node.items != null) {
            Map<Object, Object> before = before(old, node);
            for (int i = 0; i < list.size(); i++) {
                Object was = before.isEmpty() ? null : before.get(keys(list.get(i), node.mapKeys));
                check(list.get(i), was, node.items, path + "[" + i + "]", errors);
            }
        }
        unique(list, node, path, errors);
    }

    /** The stored items of a list of type map by their keys; of other lists no item is known again. */
    private static Map<Object, Object> before(Object old, Node node) {
        Map<Object, Object> out = new HashMap<>();
        if (!node.mapKeys.isEmpty() && old instanceof List<?> all) {
            all.forEach(o -> out.putIfAbsent(keys(o, node.mapKeys), o));
        }
        return out;
    }

    private static void unique(List<?> list, Node node, String path, FieldErrors errors) {
        if (!node.set && node.mapKeys.isEmpty()) {
            return;
        }
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            Object identity = node.set ? list.get(i) : keys(list.get(i), node.mapKeys);
            if (!seen.add(identity)) {
                errors.duplicate(path + "[" + i + "]", identity);
            }
        }
    }

    private static Object keys(Object item, List<String> names) {
        if (!(item instanceof Map<?, ?> map)) {
            return item;
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        for (String name : names) {
            if (map.get(name) != null) {
                keys.put(name, map.get(name));
            }
        }
        return keys;
    }

    // ---- objects

    private static void fields(Map<?, ?> map, Object old, Node node, String path, FieldErrors errors) {
        Rules rules = node.rules;
        if (rules.minProperties > map.size()) {
            errors.invalid(path, rules.minProperties, path + " in body should have at least " + rules.minProperties + " properties");
        }
        if (rules.maxProperties != Rules.NO && map.size() > rules.maxProperties) {
            errors.tooMany(path, map.size(), (int) rules.maxProperties);
        }
        for (String name : rules.required) {
            if (!map.containsKey(name)) {
                errors.required(join(path, name), "");
            }
        }
        if (node.embedded) {
            embedded(map, path, errors);
        }
        map.forEach((k, v) -> {
            Node of = node.child((String) k);
            if (of != null && !(node.embedded && node.properties.get((String) k) == null && Pruning.RESOURCE.contains((String) k))) {
                check(v, old instanceof Map<?, ?> m ? m.get(k) : null, of, join(path, (String) k), errors);
            }
        });
    }

    /** The root has them in any case; here they are the user's. */
    private static void embedded(Map<?, ?> map, String path, FieldErrors errors) {
        for (String name : List.of("apiVersion", "kind")) {
            if (!(map.get(name) instanceof String s) || s.isEmpty()) {
                errors.required(join(path, name), "must not be empty");
            }
        }
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
