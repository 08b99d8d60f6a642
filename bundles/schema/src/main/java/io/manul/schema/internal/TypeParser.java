package io.manul.schema.internal;

import io.manul.json.Json;
import io.manul.schema.Field;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Shape;
import io.manul.schema.Shape.Scalar;
import io.manul.schema.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One type of types.txt.
 *
 * <pre>
 * NAME [gvk=GROUP/VERSION/KIND,...] [shape=SCALAR] [preserve] [atomic] [unions=JSON]
 *  FIELD SHAPE [req] [zero|default=JSON] [enum=A,B] [list=set|map|atomic] [keys=A,B] [patch=merge,retainKeys]
 *      [mergeKey=K] [atomic|granular]
 * </pre>
 *
 * A shape is a scalar's name ({@code string}, {@code intOrString}), a type of the same package ({@code Pod}), one by full name,
 * {@code [SHAPE]} for a list or {@code {SHAPE}} for a map. {@code zero} says that the default is the shape's empty value.
 */
final class TypeParser {

    private TypeParser() {
    }

    static Type parse(String pkg, String text) {
        String[] lines = text.split("\n");
        String header = lines[0];
        List<Field> fields = new ArrayList<>(lines.length - 1);
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].startsWith(" ")) {
                fields.add(field(pkg, lines[i].substring(1)));
            }
        }
        String scalar = option(header, "shape");
        String unions = option(header, "unions");
        return new Type(pkg + "." + header.split(" ", 2)[0], scalar.isEmpty() ? Scalar.OBJECT : scalar(scalar), fields,
                kinds(header), flag(header, "preserve"), flag(header, "atomic"), unions.isEmpty() ? List.of() : list(unions));
    }

    static List<GroupVersionKind> kinds(String header) {
        return Tables.words(option(header, "gvk")).stream().map(k -> k.split("/"))
                .map(k -> new GroupVersionKind(k[0], k[1], k[2])).toList();
    }

    private static Field field(String pkg, String line) {
        String[] words = line.split(" ", 3);
        String options = words.length < 3 ? "" : " " + words[2];
        Shape shape = shape(pkg, words[1]);
        String list = option(options, "list");
        return new Field(words[0].intern(), shape, flag(options, "req"), defaultValue(options, shape),
                Tables.words(option(options, "enum")), Set.copyOf(Tables.words(option(options, "patch"))),
                option(options, "mergeKey"), list.isEmpty() ? Field.ListType.NONE
                        : Field.ListType.valueOf(list.toUpperCase(Locale.ROOT)),
                Tables.words(option(options, "keys")), mapType(options));
    }

    private static String mapType(String options) {
        return flag(options, "atomic") ? "atomic" : flag(options, "granular") ? "granular" : "";
    }

    private static Object defaultValue(String options, Shape shape) {
        if (!flag(options, "zero")) {
            String json = option(options, "default");
            return json.isEmpty() ? null : Json.parse(json);
        }
        return switch (shape) {
            case Shape.Ref r -> Map.of();
            case Scalar s when s.type().equals("integer") -> 0L;
            case Scalar s when s == Scalar.BOOLEAN -> false;
            case Scalar s when s.type().equals("string") && s != Scalar.QUANTITY && s != Scalar.TIME
                    && s != Scalar.MICRO_TIME && s != Scalar.INT_OR_STRING -> "";
            default -> Map.of();
        };
    }

    static Shape shape(String pkg, String text) {
        String inner = text.substring(1, Math.max(1, text.length() - 1));
        return switch (text.charAt(0)) {
            case '[' -> new Shape.ListOf(shape(pkg, inner));
            case '{' -> new Shape.MapOf(shape(pkg, inner));
            default -> text.indexOf('.') >= 0 ? new Shape.Ref(text.intern())
                    : Character.isUpperCase(text.charAt(0)) ? new Shape.Ref((pkg + "." + text).intern()) : scalar(text);
        };
    }

    private static Scalar scalar(String text) {
        return switch (text) {
            case "string" -> Scalar.STRING;
            case "bytes" -> Scalar.BYTES;
            case "int32" -> Scalar.INT32;
            case "int64" -> Scalar.INT64;
            case "double" -> Scalar.DOUBLE;
            case "boolean" -> Scalar.BOOLEAN;
            case "intOrString" -> Scalar.INT_OR_STRING;
            case "quantity" -> Scalar.QUANTITY;
            case "time" -> Scalar.TIME;
            case "microTime" -> Scalar.MICRO_TIME;
            case "any" -> Scalar.ANY;
            case "object" -> Scalar.OBJECT;
            default -> throw new IllegalStateException("types.txt names an unknown shape: " + text);
        };
    }

    private static boolean flag(String options, String name) {
        int at = options.indexOf(" " + name);
        int end = at + name.length() + 1;
        return at >= 0 && (end == options.length() || options.charAt(end) == ' ');
    }

    private static String option(String options, String name) {
        int at = options.indexOf(" " + name + "=");
        if (at < 0) {
            return "";
        }
        int from = at + name.length() + 2;
        int to = options.indexOf(' ', from);
        return options.substring(from, to < 0 ? options.length() : to);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(String json) {
        return (List<Object>) Json.parse(json);
    }
}
