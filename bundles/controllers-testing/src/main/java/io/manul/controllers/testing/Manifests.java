package io.manul.controllers.testing;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML files of manifests, and whether an object is as one of them says. */
public final class Manifests {

    private Manifests() {
    }

    public static List<Obj> read(Path file) throws IOException {
        List<Obj> all = new ArrayList<>();
        if (Files.exists(file)) {
            for (Object doc : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file))) {
                if (doc != null) {
                    all.add(Obj.from(plain(doc)).orElseThrow(() -> new IllegalArgumentException(file + ": not an object: " + doc)));
                }
            }
        }
        return all;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Map<?, ?> m -> {
                Map<String, Object> out = new LinkedHashMap<>();
                m.forEach((k, v) -> out.put(String.valueOf(k), plain(v)));
                yield out;
            }
            case List<?> l -> {
                List<Object> out = new ArrayList<>();
                l.forEach(v -> out.add(plain(v)));
                yield out;
            }
            case Integer i -> (long) i;
            case null, default -> value;
        };
    }

    /**
     * Every field of the pattern is there with that value; of a list, every element somewhere; a text that begins with
     * {@code ~} is a regular expression; {@code absent} stands for a field that is not there.
     */
    public static boolean matches(Object pattern, Object value) {
        return switch (pattern) {
            case Obj o -> matches(o.map(), value);
            case Map<?, ?> m -> value instanceof Map<?, ?> v && m.entrySet().stream().allMatch(e -> matches(e.getValue(), v.get(e.getKey())));
            case List<?> l when l.isEmpty() -> value == null || value instanceof List<?> v && v.isEmpty();
            case List<?> l -> value instanceof List<?> v && l.stream().allMatch(p -> v.stream().anyMatch(e -> matches(p, e)));
            case String s when s.equals("absent") -> value == null;
            case String s when s.startsWith("~") -> value instanceof String v && v.matches(s.substring(1));
            case null -> value == null;
            default -> pattern.equals(value);
        };
    }

    static String show(List<Obj> objects) {
        StringBuilder out = new StringBuilder();
        objects.forEach(o -> out.append("  ").append(Json.text(o)).append('\n'));
        return out.toString();
    }
}
