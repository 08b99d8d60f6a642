package io.manul.helm.template;

import io.manul.helm.template.functions.Version;
import io.manul.helm.template.go.Floats;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Yaml;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chart.yaml: read into the types its fields have, cleaned and checked. */
final class Metadata {

    private static final List<String> TEXTS = List.of("name", "home", "version", "description", "icon", "apiVersion", "condition", "tags",
            "appVersion", "kubeVersion", "type");
    private static final List<String> ORDER = List.of("name", "home", "sources", "version", "description", "keywords", "maintainers", "icon",
            "apiVersion", "condition", "tags", "appVersion", "deprecated", "annotations", "kubeVersion", "dependencies", "type");
    private static final Set<String> CLEANED = Set.of("name", "description", "home", "icon", "condition", "tags", "appVersion", "kubeVersion");

    private Metadata() {
    }

    static Obj read(Map<String, Object> yaml, Obj before, String file) throws ChartException {
        Map<String, Object> out = new LinkedHashMap<>();
        for (String field : ORDER) {
            Object value = yaml.get(field);
            if (value == null) {
                value = before == null ? null : before.get(field);
            } else {
                value = typed(field, value, file);
            }
            if (value != null && !value.equals("") && !Boolean.FALSE.equals(value)) {
                out.put(field, value);
            }
        }
        if (!out.containsKey("apiVersion") && file.equals("Chart.yaml")) {
            out.put("apiVersion", "v1");
        }
        return Obj.view(out);
    }

    private static Object typed(String field, Object value, String file) throws ChartException {
        if (TEXTS.contains(field)) {
            return text(field, value, file);
        }
        return switch (field) {
            case "sources", "keywords" -> texts(field, list(field, value, file), file);
            case "annotations" -> {
                Map<String, Object> out = new LinkedHashMap<>();
                for (Map.Entry<String, Object> e : map(field, value, file).entrySet()) {
                    out.put(e.getKey(), e.getValue() == null ? "" : text("annotations", e.getValue(), file));
                }
                yield out;
            }
            case "maintainers" -> people(list(field, value, file), file);
            case "dependencies" -> dependencies(list(field, value, file), file);
            default -> {
                if (value instanceof Boolean b) {
                    yield b;
                }
                throw wrong(value, field, "bool", file);
            }
        };
    }

    private static List<Object> people(List<?> given, String file) throws ChartException {
        List<Object> out = new ArrayList<>();
        for (Object o : given) {
            if (o == null) {
                throw invalid("maintainers must not contain empty or null nodes");
            }
            Map<String, Object> m = map("maintainers", o, file);
            Map<String, Object> person = new LinkedHashMap<>();
            for (String key : List.of("name", "email", "url")) {
                if (m.get(key) != null) {
                    person.put(key, clean(text("maintainers." + key, m.get(key), file)));
                }
            }
            out.add(person);
        }
        return out;
    }

    private static List<Object> dependencies(List<?> given, String file) throws ChartException {
        List<Object> out = new ArrayList<>();
        for (Object o : given) {
            if (o == null) {
                throw invalid("dependencies must not contain empty or null nodes");
            }
            Map<String, Object> m = map("dependencies", o, file);
            Map<String, Object> d = new LinkedHashMap<>();
            d.put("name", clean(text("dependencies.name", m.getOrDefault("name", ""), file)));
            for (String key : List.of("version", "repository", "condition", "alias")) {
                if (m.get(key) != null) {
                    d.put(key, clean(text("dependencies." + key, m.get(key), file)));
                }
            }
            d.putIfAbsent("repository", "");
            if (m.get("tags") != null) {
                d.put("tags", texts("dependencies.tags", list("dependencies.tags", m.get("tags"), file), file));
            }
            if (m.get("import-values") != null) {
                d.put("import-values", new ArrayList<Object>(list("dependencies.import-values", m.get("import-values"), file)));
            }
            out.add(d);
        }
        return out;
    }

    private static List<Object> texts(String field, List<?> given, String file) throws ChartException {
        List<Object> out = new ArrayList<>();
        for (Object o : given) {
            out.add(o == null ? "" : clean(text(field, o, file)));
        }
        return out;
    }

    private static String text(String field, Object value, String file) throws ChartException {
        return switch (value) {
            case String s -> CLEANED.contains(field) ? clean(s) : s;
            case Double d -> d == Math.rint(d) && Math.abs(d) < 1e15 ? Long.toString((long) (double) d) : number(d);
            case Boolean b -> b.toString();
            default -> throw wrong(value, field, "string", file);
        };
    }

    /** A number where text belongs is written with a float's precision, as Helm's YAML reader does. */
    private static String number(double d) {
        return Floats.format(Double.parseDouble(Float.toString((float) d)), 'g', -1);
    }

    private static List<?> list(String field, Object value, String file) throws ChartException {
        if (value instanceof List<?> l) {
            return l;
        }
        throw wrong(value, field, "[]string", file);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(String field, Object value, String file) throws ChartException {
        if (value instanceof Map<?, ?> m) {
            return (Map<String, Object>) m;
        }
        throw wrong(value, field, field.equals("dependencies") ? "chart.Dependency" : field.equals("maintainers") ? "chart.Maintainer"
                : "map[string]string", file);
    }

    private static ChartException wrong(Object value, String field, String type, String file) {
        return new ChartException("cannot load " + file + ": error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                + Yaml.json(value) + " into Go struct field Metadata." + field + " of type " + type);
    }

    private static String clean(String s) {
        StringBuilder b = new StringBuilder();
        s.codePoints().forEach(c -> {
            if (Text.space(c)) {
                b.append(' ');
            } else if (Text.printable(c)) {
                b.appendCodePoint(c);
            }
        });
        return b.toString();
    }

    private static ChartException invalid(String message) {
        return new ChartException("validation: " + message);
    }

    static void validate(Obj m) throws ChartException {
        String name = m.text("name");
        String version = m.text("version");
        if (m.text("apiVersion").isEmpty()) {
            throw invalid("chart.metadata.apiVersion is required");
        }
        if (name.isEmpty()) {
            throw invalid("chart.metadata.name is required");
        }
        if (name.equals(".") || name.equals("..")) {
            throw invalid("chart.metadata.name " + Text.quote(name) + " is not allowed");
        }
        if (name.contains("/")) {
            throw invalid("chart.metadata.name " + Text.quote(name) + " is invalid");
        }
        if (version.isEmpty()) {
            throw invalid("chart.metadata.version is required");
        }
        try {
            Version.parse(version);
        } catch (GoError e) {
            throw invalid("chart.metadata.version " + Text.quote(version) + " is invalid");
        }
        if (!Set.of("", "application", "library").contains(m.text("type"))) {
            throw invalid("chart.metadata.type must be application or library");
        }
        Set<String> keys = new HashSet<>();
        for (Dependency d : dependencies(m)) {
            if (!d.alias().isEmpty() && !d.alias().matches("[a-zA-Z0-9_-]+")) {
                throw invalid("dependency " + Text.quote(d.name()) + " has disallowed characters in the alias");
            }
            if (!keys.add(d.key())) {
                throw invalid("more than one dependency with name or alias " + Text.quote(d.key()));
            }
        }
    }

    static List<Dependency> dependencies(Obj m) {
        List<Dependency> out = new ArrayList<>();
        for (Obj d : m.objects("dependencies")) {
            List<Object> imports = d.get("import-values") instanceof List<?> l ? new ArrayList<>(l) : List.of();
            out.add(new Dependency(d.text("name"), d.text("version"), d.text("repository"), d.text("condition"), d.strings("tags"),
                    imports, d.text("alias")));
        }
        return out;
    }
}
