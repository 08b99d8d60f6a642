package io.manul.helm.template;

import io.manul.helm.template.go.GoMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values laid over values, by the rules of Helm's chartutil: null deletes, a table never gives way to what is none. */
final class Values {

    static final String GLOBAL = "global";

    private Values() {
    }

    /** A deep copy, with Go's maps all the way. */
    static GoMap copy(Map<String, Object> m) {
        GoMap out = new GoMap();
        m.forEach((k, v) -> out.put(k, copied(v)));
        return out;
    }

    @SuppressWarnings("unchecked")
    static Object copied(Object value) {
        return switch (value) {
            case Map<?, ?> m -> copy((Map<String, Object>) m);
            case io.manul.json.Obj o -> copy(o.map());
            case List<?> l -> {
                List<Object> out = new ArrayList<>(l.size());
                l.forEach(v -> out.add(copied(v)));
                yield out;
            }
            case Integer i -> (long) i;
            case null -> null;
            default -> value;
        };
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> table(Object value) {
        return value instanceof Map<?, ?> m ? (Map<String, Object>) m : null;
    }

    static Map<String, Object> overlay(Map<String, Object> under, Map<String, Object> over) {
        GoMap out = copy(under);
        for (Map.Entry<String, Object> e : over.entrySet()) {
            Map<String, Object> a = table(out.get(e.getKey()));
            Map<String, Object> b = table(e.getValue());
            out.put(e.getKey(), a != null && b != null ? overlay(a, b) : copied(e.getValue()));
        }
        return out;
    }

    /** Defaults of a chart below the values; {@code merge} keeps nulls for later. */
    static GoMap coalesce(Work chart, Map<String, Object> values, boolean merge) throws ChartException {
        GoMap out = copy(values);
        coalesceInto(chart, out, merge);
        return out;
    }

    private static void coalesceInto(Work chart, Map<String, Object> into, boolean merge) throws ChartException {
        own(chart, into, merge);
        for (Work child : chart.charts) {
            Object there = into.get(child.name());
            if (there == null && !into.containsKey(child.name())) {
                there = new GoMap();
                into.put(child.name(), there);
            }
            Map<String, Object> table = table(there);
            if (table == null) {
                throw new ChartException("type mismatch on " + child.name() + ": " + io.manul.helm.template.go.Fmt.sprintf("%t", there));
            }
            globals(table, into);
            coalesceInto(child, table, merge);
        }
    }

    private static void globals(Map<String, Object> into, Map<String, Object> from) {
        Map<String, Object> to = into.containsKey(GLOBAL) ? table(into.get(GLOBAL)) : new GoMap();
        Map<String, Object> source = from.containsKey(GLOBAL) ? table(from.get(GLOBAL)) : new GoMap();
        if (to == null || source == null) {
            return;
        }
        for (Map.Entry<String, Object> e : source.entrySet()) {
            Map<String, Object> value = table(e.getValue());
            Object there = to.get(e.getKey());
            if (value != null) {
                GoMap copy = new GoMap(value);
                if (!to.containsKey(e.getKey())) {
                    to.put(e.getKey(), copy);
                } else if (table(there) != null) {
                    tables(copy, table(there), true);
                    to.put(e.getKey(), copy);
                }
            } else if (table(there) == null) {
                to.put(e.getKey(), e.getValue());
            }
        }
        into.put(GLOBAL, to);
    }

    private static void own(Work chart, Map<String, Object> into, boolean merge) {
        for (Map.Entry<String, Object> e : copy(chart.values).entrySet()) {
            String key = e.getKey();
            if (!into.containsKey(key)) {
                into.put(key, e.getValue());
                continue;
            }
            Object there = into.get(key);
            if (there == null && !merge) {
                into.remove(key);
            } else if (table(there) != null && table(e.getValue()) != null) {
                boolean child = chart.charts.stream().anyMatch(c -> c.name().equals(key));
                tables(table(there), table(e.getValue()), child || merge);
            }
        }
    }

    /** Lays {@code from} below {@code into}. */
    static Map<String, Object> tables(Map<String, Object> into, Map<String, Object> from, boolean merge) {
        Set<String> given = new HashSet<>();
        from.forEach((k, v) -> {
            if (v != null) {
                given.add(k);
            }
        });
        into.forEach((k, v) -> {
            if (v == null) {
                from.put(k, null);
            }
        });
        for (Map.Entry<String, Object> e : from.entrySet()) {
            String key = e.getKey();
            Object there = into.get(key);
            if (into.containsKey(key) && !merge && there == null && given.contains(key)) {
                into.remove(key);
            } else if (!into.containsKey(key)) {
                into.put(key, e.getValue());
            } else if (table(e.getValue()) != null && table(there) != null) {
                tables(table(there), table(e.getValue()), merge);
            }
        }
        return into;
    }

    /** The table at a path ({@code a.b.c}), or null. */
    static Map<String, Object> path(Map<String, Object> values, String path) {
        Map<String, Object> at = values;
        for (String part : path.split("\\.", -1)) {
            at = table(at.get(part));
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /** The value at a path that is no table, or null. */
    static Object leaf(Map<String, Object> values, String path) {
        int dot = path.lastIndexOf('.');
        Map<String, Object> at = dot < 0 ? values : path(values, path.substring(0, dot));
        Object found = at == null ? null : at.get(path.substring(dot + 1));
        return found instanceof Map<?, ?> ? null : found;
    }
}
