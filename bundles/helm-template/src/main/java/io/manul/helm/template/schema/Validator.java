package io.manul.helm.template.schema;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Types;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks a schema and a value together. Which draft it is matters only where they differ: references, and {@code items} as a list. */
final class Validator {

    private static final int MOST_DEPTH = 200;

    private final Object root;
    private final boolean old;

    Validator(Object root) {
        this.root = root;
        String draft = root instanceof Map<?, ?> m && m.get("$schema") instanceof String s ? s : "";
        this.old = draft.matches(".*draft-0[0-7].*");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object o) {
        return o instanceof Map<?, ?> m ? (Map<String, Object>) m : Map.of();
    }

    private static List<?> list(Object o) {
        return o instanceof List<?> l ? l : List.of();
    }

    /** Null when the value is as it should be. */
    Failure check(Object schema, Object value, String path, int depth) {
        if (depth > MOST_DEPTH) {
            throw new GoError("schema nests deeper than " + MOST_DEPTH);
        }
        if (schema instanceof Boolean b) {
            return b ? null : Failure.of(path, "false schema");
        }
        Map<String, Object> s = map(schema);
        Failure basic = basic(s, value, path);
        if (basic != null) {
            return basic;
        }
        List<Failure> all = new ArrayList<>();
        if (s.get("$ref") instanceof String ref) {
            Failure f = check(resolve(ref), value, path, depth + 1);
            if (f != null) {
                f = new Failure(path, Failure.GROUP, true, f.message().equals(Failure.GROUP) && !f.reference() ? f.causes() : List.of(f));
            }
            if (old) {
                return f;
            }
            add(all, f);
        }
        switch (value) {
            case Map<?, ?> m -> new Objects(this, s, path, depth).check(map(m), all);
            case List<?> l -> new Arrays(this, s, path, depth, old).check(l, all);
            case String t -> Scalars.text(s, t, path, all);
            case Number n -> Scalars.number(s, n.doubleValue(), path, all);
            case null, default -> {
            }
        }
        conditions(s, value, path, depth, all);
        unevaluated(s, value, path, depth, all);
        return Failure.group(path, all);
    }

    static void add(List<Failure> all, Failure f) {
        if (f != null) {
            all.add(f);
        }
    }

    private static Failure basic(Map<String, Object> s, Object value, String path) {
        Object type = s.get("type");
        if (type != null) {
            List<String> wanted = (type instanceof String t ? List.of(t) : list(type)).stream().map(String::valueOf).toList();
            String got = Quote.type(value);
            boolean whole = value instanceof Number n && n.doubleValue() == Math.rint(n.doubleValue());
            if (!wanted.isEmpty() && !wanted.contains(got) && !(whole && wanted.contains("integer"))) {
                return Failure.of(path, "got " + got + ", want " + String.join(" or ", order(wanted)));
            }
        }
        if (s.containsKey("const") && !Types.deepEqual(s.get("const"), value)) {
            return Failure.of(path, Quote.primitive(s.get("const")) ? "value must be " + Quote.value(s.get("const")) : "'const' failed");
        }
        if (s.get("enum") instanceof List<?> l && l.stream().noneMatch(e -> Types.deepEqual(e, value))) {
            if (!l.stream().allMatch(Quote::primitive)) {
                return Failure.of(path, "'enum' failed");
            }
            List<String> wanted = l.stream().map(Quote::value).toList();
            return Failure.of(path, wanted.size() == 1 ? "value must be " + wanted.getFirst() : "value must be one of " + String.join(", ", wanted));
        }
        return null;
    }

    private static List<String> order(List<String> wanted) {
        return List.of("null", "boolean", "number", "integer", "string", "array", "object").stream().filter(wanted::contains).toList();
    }

    private void conditions(Map<String, Object> s, Object value, String path, int depth, List<Failure> all) {
        if (s.containsKey("not") && check(s.get("not"), value, path, depth + 1) == null) {
            all.add(Failure.of(path, "'not' failed"));
        }
        List<Failure> failed = several(list(s.get("allOf")), value, path, depth);
        if (!failed.isEmpty()) {
            all.add(new Failure(path, "'allOf' failed", false, failed));
        }
        List<?> any = list(s.get("anyOf"));
        failed = several(any, value, path, depth);
        if (!any.isEmpty() && failed.size() == any.size()) {
            all.add(new Failure(path, "'anyOf' failed", false, failed));
        }
        one(list(s.get("oneOf")), value, path, depth, all);
        if (s.containsKey("if")) {
            String then = check(s.get("if"), value, path, depth + 1) == null ? "then" : "else";
            if (s.containsKey(then)) {
                add(all, check(s.get(then), value, path, depth + 1));
            }
        }
    }

    private List<Failure> several(List<?> schemas, Object value, String path, int depth) {
        List<Failure> failed = new ArrayList<>();
        for (Object schema : schemas) {
            add(failed, check(schema, value, path, depth + 1));
        }
        return failed;
    }

    private void one(List<?> schemas, Object value, String path, int depth, List<Failure> all) {
        List<Failure> failed = new ArrayList<>();
        int matched = -1;
        for (int i = 0; i < schemas.size(); i++) {
            Failure f = check(schemas.get(i), value, path, depth + 1);
            if (f != null) {
                failed.add(f);
            } else if (matched >= 0) {
                all.add(Failure.of(path, "'oneOf' failed, subschemas " + matched + ", " + i + " matched"));
                return;
            } else {
                matched = i;
            }
        }
        if (!schemas.isEmpty() && matched < 0) {
            all.add(new Failure(path, "'oneOf' failed, none matched", false, failed));
        }
    }

    private void unevaluated(Map<String, Object> s, Object value, String path, int depth, List<Failure> all) {
        if (old || !s.containsKey("unevaluatedProperties") || !(value instanceof Map<?, ?> m) || !all.isEmpty()) {
            return;
        }
        Set<String> seen = new LinkedHashSet<>();
        evaluated(s, map(m), path, depth, seen);
        List<String> left = map(m).keySet().stream().filter(k -> !seen.contains(k)).toList();
        if (Boolean.FALSE.equals(s.get("unevaluatedProperties")) && !left.isEmpty()) {
            all.add(Failure.of(path, "unevaluated properties " + Quote.names(left) + " not allowed"));
        } else {
            for (String k : left) {
                add(all, check(s.get("unevaluatedProperties"), m.get(k), path + "/" + escape(k), depth + 1));
            }
        }
    }

    private void evaluated(Map<String, Object> s, Map<String, Object> m, String path, int depth, Set<String> seen) {
        seen.addAll(map(s.get("properties")).keySet());
        map(s.get("patternProperties")).keySet().forEach(p -> m.keySet().stream().filter(k -> Scalars.matches(p, k)).forEach(seen::add));
        if (s.containsKey("additionalProperties")) {
            seen.addAll(m.keySet());
        }
        List<Object> parts = new ArrayList<>(list(s.get("allOf")));
        if (s.get("$ref") instanceof String ref) {
            parts.add(resolve(ref));
        }
        for (String word : List.of("anyOf", "oneOf")) {
            list(s.get(word)).stream().filter(p -> check(p, m, path, depth + 1) == null).forEach(parts::add);
        }
        if (s.containsKey("if")) {
            boolean met = check(s.get("if"), m, path, depth + 1) == null;
            parts.add(met ? s.get("if") : Map.of());
            parts.add(s.getOrDefault(met ? "then" : "else", Map.of()));
        }
        parts.forEach(p -> evaluated(map(p), m, path, depth + 1, seen));
    }

    static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    /** A reference inside the schema: a pointer, or an anchor. One that leads outside cannot be followed. */
    private Object resolve(String ref) {
        if (ref.equals("#")) {
            return root;
        }
        if (!ref.startsWith("#")) {
            throw new GoError("schema refers to " + ref + ", which is not in the schema; nothing is fetched: put it under $defs\n");
        }
        if (!ref.startsWith("#/")) {
            Object found = anchor(root, ref.substring(1), 0);
            if (found != null) {
                return found;
            }
            throw new GoError("anchor " + ref + " is not in the schema\n");
        }
        Object at = root;
        for (String part : java.net.URLDecoder.decode(ref.substring(2).replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8).split("/")) {
            String key = part.replace("~1", "/").replace("~0", "~");
            at = at instanceof List<?> l && key.matches("[0-9]{1,6}") && Integer.parseInt(key) < l.size() ? l.get(Integer.parseInt(key))
                    : map(at).get(key);
            if (at == null) {
                throw new GoError("reference " + ref + " is not in the schema\n");
            }
        }
        return at;
    }

    private static Object anchor(Object at, String name, int depth) {
        if (depth > MOST_DEPTH) {
            return null;
        }
        if (at instanceof Map<?, ?> m && (name.equals(m.get("$anchor")) || ("#" + name).equals(m.get("$id")))) {
            return at;
        }
        for (Object o : at instanceof Map<?, ?> m ? m.values() : list(at)) {
            Object found = anchor(o, name, depth + 1);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
