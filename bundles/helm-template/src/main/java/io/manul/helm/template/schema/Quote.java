package io.manul.helm.template.schema;

import io.manul.helm.template.go.Floats;
import io.manul.helm.template.go.Text;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values in messages. */
final class Quote {

    private Quote() {
    }

    static String single(String s) {
        String quoted = Text.quote(s).replace("\\\"", "\"").replace("'", "\\'");
        return "'" + quoted.substring(1, quoted.length() - 1) + "'";
    }

    static String names(Collection<String> names) {
        return names.stream().map(Quote::single).collect(Collectors.joining(", "));
    }

    static String value(Object v) {
        return switch (v) {
            case null -> "null";
            case String s -> single(s);
            case Number n -> Floats.format(n.doubleValue(), 'g', -1);
            case Boolean b -> b.toString();
            case List<?> l -> "array";
            case Map<?, ?> m -> "object";
            default -> "value";
        };
    }

    static boolean primitive(Object v) {
        return !(v instanceof List<?>) && !(v instanceof Map<?, ?>);
    }

    /** JSON Schema's name of a value's type. */
    static String type(Object v) {
        return switch (v) {
            case null -> "null";
            case Boolean b -> "boolean";
            case String s -> "string";
            case Number n -> "number";
            case List<?> l -> "array";
            default -> "object";
        };
    }
}
