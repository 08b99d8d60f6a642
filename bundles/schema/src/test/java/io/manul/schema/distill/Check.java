package io.manul.schema.distill;

import io.manul.json.Obj;
import io.manul.schema.Field;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Schema;
import io.manul.schema.Shape;
import io.manul.schema.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads every published sample object by the committed types: each field must be known and of the right shape. */
final class Check {

    private final Path source;
    private final Schema schema = Schema.builtIn();
    private final List<String> problems = new ArrayList<>();

    Check(Path source) {
        this.source = source;
    }

    List<String> run() throws IOException {
        int read = 0;
        int passed = 0;
        try (Stream<Path> files = Files.list(source.resolve("objects"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                Obj object = Distiller.parse(file);
                Optional<Type> type = schema.typeOf(gvk(object));
                if (type.isPresent()) {
                    read++;
                    object(file.getFileName().toString(), object.map(), type.get());
                } else {
                    passed++;
                }
            }
        }
        System.out.println(read + " objects read, " + passed + " of versions that v1.36 no longer has passed over");
        return problems;
    }

    private static GroupVersionKind gvk(Obj object) {
        String apiVersion = object.apiVersion();
        int slash = apiVersion.indexOf('/');
        return new GroupVersionKind(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), object.kind());
    }

    private void object(String path, Map<?, ?> value, Type type) {
        value.forEach((key, part) -> {
            Field field = type.fields().get(key);
            if (field != null) {
                value(path + "." + key, part, field.shape());
            } else if (!type.preserveUnknown()) {
                problems.add(path + "." + key + ": unknown field");
            }
        });
        type.required().stream().filter(r -> !value.containsKey(r)).forEach(r -> problems.add(path + "." + r + ": missing"));
    }

    private void value(String path, Object value, Shape shape) {
        boolean fits = switch (shape) {
            case Shape.Ref ref -> ref(path, value, schema.type(ref.type()).orElseThrow());
            case Shape.ListOf list -> {
                if (value instanceof List<?> items) {
                    items.forEach(i -> value(path + "[]", i, list.items()));
                }
                yield value instanceof List<?>;
            }
            case Shape.MapOf map -> {
                if (value instanceof Map<?, ?> entries) {
                    entries.forEach((k, v) -> value(path + "." + k, v, map.values()));
                }
                yield value instanceof Map<?, ?>;
            }
            case Shape.Scalar scalar -> fits(value, scalar);
        };
        if (!fits && value != null) {
            problems.add(path + ": " + value + " is not " + shape);
        }
    }

    private boolean ref(String path, Object value, Type type) {
        if (type.shape() != Shape.Scalar.OBJECT) {
            return fits(value, type.shape());
        }
        if (value instanceof Map<?, ?> map) {
            object(path, map, type);
        }
        return value instanceof Map<?, ?>;
    }

    private static boolean fits(Object value, Shape.Scalar scalar) {
        return switch (scalar) {
            case ANY -> true;
            case OBJECT -> value instanceof Map<?, ?>;
            case BOOLEAN -> value instanceof Boolean;
            case INT32, INT64 -> value instanceof Long;
            case DOUBLE -> value instanceof Number;
            case INT_OR_STRING -> value instanceof Long || value instanceof String;
            case STRING, BYTES, QUANTITY, TIME, MICRO_TIME -> value instanceof String;
        };
    }
}
