package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.from;
import static io.manul.helm.template.functions.Table.map;
import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Dictionaries. */
final class Dicts {

    private static final int MOST_DEPTH = 500;

    private Dicts() {
    }

    static void add(Table t) {
        t.add("dict", "any...", Dicts::dict);
        t.add("get", "map,string", a -> map(a, 0).containsKey(text(a, 1)) ? map(a, 0).get(text(a, 1)) : "");
        t.add("set", "map,string,any", a -> {
            if (a[0] == null) {
                throw new GoError("assignment to entry in nil map");
            }
            map(a, 0).put(text(a, 1), a[2]);
            return a[0];
        });
        t.add("unset", "map,string", a -> {
            if (a[0] != null) {
                map(a, 0).remove(text(a, 1));
            }
            return a[0];
        });
        t.add("hasKey", "map,string", a -> map(a, 0).containsKey(text(a, 1)));
        t.add("pluck", "string,map...", Dicts::pluck);
        t.add("keys", "map...", Dicts::keys);
        t.add("values", "map", a -> new ArrayList<>(map(a, 0).values()));
        t.add("pick", "map,string...", a -> {
            GoMap out = new GoMap();
            for (Object k : from(a, 1)) {
                if (map(a, 0).containsKey(k)) {
                    out.put((String) k, map(a, 0).get(k));
                }
            }
            return out;
        });
        t.add("omit", "map,string...", a -> {
            GoMap out = new GoMap(map(a, 0));
            for (Object k : from(a, 1)) {
                out.remove(k);
            }
            return out;
        });
        t.both("merge", "map,map...", a -> merge(a, false));
        t.both("mergeOverwrite", "map,map...", a -> merge(a, true));
        t.both("deepCopy", "any", a -> copy(a[0], 0));
        t.add("dig", "any...", Dicts::dig);
    }

    private static GoMap dict(Object[] a) {
        GoMap out = new GoMap();
        for (int i = 0; i < a.length; i += 2) {
            out.put(Casts.text(a[i]), i + 1 < a.length ? a[i + 1] : "");
        }
        return out;
    }

    private static List<Object> pluck(Object[] a) {
        List<Object> out = new ArrayList<>();
        for (int i = 1; i < a.length; i++) {
            if (map(a, i).containsKey(a[0])) {
                out.add(map(a, i).get(a[0]));
            }
        }
        return out;
    }

    private static Slice keys(Object[] a) {
        Slice out = new Slice("string");
        for (int i = 0; i < a.length; i++) {
            out.addAll(GoMap.sorted(map(a, i)).keySet());
        }
        return out;
    }

    private static Object merge(Object[] a, boolean overwrite) {
        Map<String, Object> into = a[0] == null ? new GoMap() : map(a, 0);
        for (int i = 1; i < a.length; i++) {
            if (a[i] != null) {
                merge(into, map(a, i), overwrite, 0);
            }
        }
        return into;
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> into, Map<String, Object> from, boolean overwrite, int depth) {
        if (depth > MOST_DEPTH) {
            throw new GoError("maps nested deeper than " + MOST_DEPTH);
        }
        if (into == from) {
            return;
        }
        for (Map.Entry<String, Object> e : List.copyOf(new ArrayList<>(from.entrySet()))) {
            Object there = into.get(e.getKey());
            Object value = e.getValue();
            if (value == null) {
                if (overwrite) {
                    into.put(e.getKey(), null);
                }
                continue;
            }
            if (value instanceof Map<?, ?> m && there instanceof Map<?, ?> n) {
                merge((Map<String, Object>) n, (Map<String, Object>) m, overwrite, depth + 1);
            }
            boolean full = !Casts.empty(there);
            if (full && value instanceof Map<?, ?> && there instanceof Map<?, ?>) {
                continue;
            }
            if (overwrite || !full) {
                into.put(e.getKey(), value);
            }
        }
    }

    static Object copy(Object value, int depth) {
        if (depth > MOST_DEPTH) {
            throw new GoError("values nested deeper than " + MOST_DEPTH);
        }
        return switch (value) {
            case Map<?, ?> m -> {
                GoMap out = m instanceof GoMap g ? new GoMap(g.type()) : new GoMap();
                m.forEach((k, v) -> out.put((String) k, copy(v, depth + 1)));
                yield out;
            }
            case Slice s -> new Slice(s.element(), s);
            case List<?> l when l == Slice.NIL -> l;
            case List<?> l -> {
                List<Object> out = new ArrayList<>(l.size());
                l.forEach(v -> out.add(copy(v, depth + 1)));
                yield out;
            }
            case null -> null;
            default -> value;
        };
    }


    private static Object dig(Object[] a) {
        if (a.length < 3) {
            throw new GoError("dig needs at least three arguments");
        }
        Object at = a[a.length - 1];
        for (int i = 0; i < a.length - 2; i++) {
            if (!(at instanceof Map<?, ?> m)) {
                throw conversion(at, GoMap.PLAIN);
            }
            if (!(a[i] instanceof String key)) {
                throw conversion(a[i], "string");
            }
            if (!m.containsKey(key)) {
                return a[a.length - 2];
            }
            at = m.get(key);
        }
        return at;
    }

    private static GoError conversion(Object value, String wanted) {
        return new GoError("interface conversion: interface {} is " + (value == null ? "nil" : Types.of(value)) + ", not " + wanted);
    }
}
