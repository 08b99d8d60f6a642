package io.manul.helm.template.go;

import java.util.List;

/**
 * A function as templates see it.
 *
 * @param parameters types as Go writes them: {@code string}, {@code int}, {@code interface {}}, {@code reflect.Value}, ...
 * @param variadic the last parameter may stand any number of times
 */
public record Func(String name, List<String> parameters, boolean variadic, boolean builtin, Body body) {

    /** What it does; the arguments have the types that were declared. */
    @FunctionalInterface
    public interface Body {
        Object call(Object[] args);
    }

    public static final String ANY = "interface {}";
    public static final String VALUE = "reflect.Value";

    /** Reads {@code "int,string"} or {@code "string,any..."}. */
    public static Func of(String name, String signature, Body body) {
        boolean variadic = signature.endsWith("...");
        String types = variadic ? signature.substring(0, signature.length() - 3) : signature;
        List<String> parameters = types.isEmpty() ? List.of() : java.util.Arrays.stream(types.split(",")).map(Func::type).toList();
        return new Func(name, parameters, variadic, false, body);
    }

    private static String type(String shorthand) {
        return switch (shorthand) {
            case "any" -> ANY;
            case "value" -> VALUE;
            case "map" -> GoMap.PLAIN;
            case "list" -> "[]interface {}";
            default -> shorthand;
        };
    }

    public Func asBuiltin() {
        return new Func(name, parameters, variadic, true, body);
    }
}
