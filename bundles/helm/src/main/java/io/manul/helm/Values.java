package io.manul.helm;

import io.manul.helm.template.ChartException;
import io.manul.helm.template.Charts;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The values of a release, low to high: valuesContent, then values, of the HelmChart; its valuesSecrets; the same of the
 * HelmChartConfig; set of the HelmChart (K3S.md 1.6). Maps are merged, all else is replaced; a null takes the chart's default away.
 */
final class Values {

    private static final int MOST_INDEX = 65_536;

    /** The contents of a Secret's keys; throws when it is missing and not optional. */
    interface Secrets {
        List<String> contents(Obj reference) throws HelmException, InterruptedException;
    }

    private Values() {
    }

    static Obj of(Wanted wanted, Secrets secrets) throws HelmException, InterruptedException {
        Map<String, Object> out = new LinkedHashMap<>();
        for (Obj o : List.of(wanted.chart(), wanted.config())) {
            Obj spec = o.at("spec");
            if (spec.has("valuesContent")) {
                merge(out, file(spec.text("valuesContent"), "spec.valuesContent"));
            }
            if (spec.get("values") instanceof Map<?, ?> values) {
                merge(out, (Map<?, ?>) doubles(values));
            }
            for (Obj reference : spec.objects("valuesSecrets")) {
                for (String text : secrets.contents(reference)) {
                    merge(out, file(text, "secret " + reference.text("name")));
                }
            }
        }
        if (wanted.spec().get("set") instanceof Map<?, ?> set) {
            for (Map.Entry<?, ?> e : new TreeMap<>(set).entrySet()) {
                set(out, (String) e.getKey(), typed(e.getValue()));
            }
        }
        return Obj.view(out);
    }

    /** As Helm reads a file of values: every number is a double. */
    private static Map<String, Object> file(String text, String what) throws HelmException {
        try {
            return Charts.values(text).map();
        } catch (ChartException e) {
            throw new HelmException(what + " cannot be read: " + e.getMessage());
        }
    }

    private static Object doubles(Object value) {
        return switch (value) {
            case Map<?, ?> m -> {
                Map<String, Object> out = new LinkedHashMap<>();
                m.forEach((k, v) -> out.put((String) k, doubles(v)));
                yield out;
            }
            case List<?> l -> l.stream().map(Values::doubles).collect(Collectors.toCollection(ArrayList::new));
            case Long n -> (double) n;
            case null, default -> value;
        };
    }

    @SuppressWarnings("unchecked")
    static void merge(Map<String, Object> into, Map<?, ?> from) {
        from.forEach((k, v) -> {
            if (v instanceof Map<?, ?> m && into.get(k) instanceof Map<?, ?> before) {
                Map<String, Object> copy = new LinkedHashMap<>((Map<String, Object>) before);
                merge(copy, m);
                into.put((String) k, copy);
            } else {
                into.put((String) k, v);
            }
        });
    }

    /** A number, true, false and null are what they look like; all else is text (helm-controller, typedVal). */
    private static Object typed(Object value) {
        if (!(value instanceof String text)) {
            return value;
        }
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> text;
        };
    }

    /** Helm's path syntax: {@code a.b[0].c}, with backslashes before dots, brackets and equal signs that belong to a name. */
    @SuppressWarnings("unchecked")
    static void set(Map<String, Object> into, String path, Object value) throws HelmException {
        List<Object> steps = steps(path);
        Object at = into;
        for (int i = 0; i < steps.size() - 1; i++) {
            Object next = steps.get(i + 1) instanceof Integer ? new ArrayList<>() : new LinkedHashMap<String, Object>();
            Object now = get(at, steps.get(i));
            if (now instanceof Map<?, ?> m && next instanceof Map<?, ?>) {
                next = new LinkedHashMap<>((Map<String, Object>) m);
            } else if (now instanceof List<?> l && next instanceof List<?>) {
                next = new ArrayList<>(l);
            }
            put(at, steps.get(i), next);
            at = next;
        }
        put(at, steps.getLast(), value);
    }

    private static Object get(Object at, Object step) {
        return at instanceof Map<?, ?> m ? m.get(step) : at instanceof List<?> l && (Integer) step < l.size() ? l.get((Integer) step) : null;
    }

    @SuppressWarnings("unchecked")
    private static void put(Object at, Object step, Object value) {
        if (at instanceof Map<?, ?> m) {
            ((Map<String, Object>) m).put((String) step, value);
        } else {
            List<Object> list = (List<Object>) at;
            while (list.size() <= (Integer) step) {
                list.add(null);
            }
            list.set((Integer) step, value);
        }
    }

    private static List<Object> steps(String path) throws HelmException {
        List<Object> steps = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && i + 1 < path.length()) {
                name.append(path.charAt(++i));
            } else if (c == '.') {
                flush(name, steps);
            } else if (c == '[') {
                flush(name, steps);
                int end = path.indexOf(']', i);
                String index = end < 0 ? "" : path.substring(i + 1, end);
                if (!index.matches("\\d{1,5}") || Integer.parseInt(index) > MOST_INDEX) {
                    throw new HelmException("spec.set[" + path + "]: an index must be 0 to " + MOST_INDEX);
                }
                steps.add(Integer.parseInt(index));
                i = end;
            } else {
                name.append(c);
            }
        }
        flush(name, steps);
        if (steps.isEmpty() || steps.getFirst() instanceof Integer) {
            throw new HelmException("spec.set[" + path + "]: the path must begin with a name");
        }
        return steps;
    }

    private static void flush(StringBuilder name, List<Object> steps) {
        if (!name.isEmpty()) {
            steps.add(name.toString());
            name.setLength(0);
        }
    }
}
