package io.manul.helm.template.go;

import java.util.List;
import java.util.Map;

/** Names and kinds of values, as Go's reflect gives them. */
public final class Types {

    private Types() {
    }

    /** {@code %T}: {@code map[string]interface {}}; {@code <nil>} for nil. */
    public static String of(Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String s -> "string";
            case Boolean b -> "bool";
            case Long l -> "int64";
            case Int i -> "int";
            case Double d -> "float64";
            case UInt u -> u.type();
            case Complex c -> "complex128";
            case Duration d -> "time.Duration";
            case GoMap m -> m.type();
            case Map<?, ?> m -> GoMap.PLAIN;
            case Slice s -> s.type();
            case List<?> l -> "[]interface {}";
            case Struct s -> s.type();
            case Func f -> signature(f);
            case Throwable t -> "*errors.errorString";
            default -> value.getClass().getName();
        };
    }

    private static String signature(Func f) {
        StringBuilder b = new StringBuilder("func(");
        for (int i = 0; i < f.parameters().size(); i++) {
            b.append(i > 0 ? ", " : "").append(f.variadic() && i == f.parameters().size() - 1 ? "..." : "").append(f.parameters().get(i));
        }
        return b.append(") string").toString();
    }

    /** reflect.Kind's name. */
    public static String kind(Object value) {
        return switch (value) {
            case null -> "invalid";
            case String s -> "string";
            case Boolean b -> "bool";
            case Long l -> "int64";
            case Int i -> "int";
            case Double d -> "float64";
            case UInt u -> u.type();
            case Complex c -> "complex128";
            case Duration d -> "int64";
            case Map<?, ?> m -> "map";
            case List<?> l -> "slice";
            case Struct s -> s.pointer() ? "ptr" : "struct";
            case Func f -> "func";
            default -> "ptr";
        };
    }

    /** Go's idea of true in {@code if}. */
    public static boolean truth(Object value) {
        return switch (value) {
            case null -> false;
            case String s -> !s.isEmpty();
            case Boolean b -> b;
            case Double d -> d != 0;
            case Number n -> n.longValue() != 0;
            case UInt u -> u.bits() != 0;
            case Complex c -> c.real() != 0 || c.imaginary() != 0;
            case Duration d -> d.nanos() != 0;
            case Map<?, ?> m -> !m.isEmpty();
            case List<?> l -> !l.isEmpty();
            default -> true;
        };
    }

    /** Whether a value may be given where the type is declared. */
    public static boolean assignable(Object value, String type) {
        if (type.equals(Func.ANY) || type.equals(Func.VALUE)) {
            return true;
        }
        String own = of(value);
        if (own.equals(type)) {
            return true;
        }
        // an unnamed map type takes a named one of the same structure
        return type.equals(GoMap.PLAIN) && own.equals(GoMap.VALUES) || type.equals(GoMap.VALUES) && own.equals(GoMap.PLAIN)
                || type.equals("[]string") && own.equals("chartutil.VersionSet");
    }

    /** reflect.DeepEqual. */
    public static boolean deepEqual(Object a, Object b) {
        if (a == null || b == null) {
            return a == b;
        }
        if (!of(a).equals(of(b))) {
            return false;
        }
        if (a instanceof Map<?, ?> m && b instanceof Map<?, ?> n) {
            return m.size() == n.size() && m.entrySet().stream().allMatch(e -> n.containsKey(e.getKey())
                    && deepEqual(e.getValue(), n.get(e.getKey())));
        }
        if (a instanceof List<?> l && b instanceof List<?> k) {
            if (l.size() != k.size() || (l == Slice.NIL) != (k == Slice.NIL)) {
                return false;
            }
            for (int i = 0; i < l.size(); i++) {
                if (!deepEqual(l.get(i), k.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x.doubleValue() == y.doubleValue();
        }
        return a.equals(b);
    }
}
