package io.manul.helm.template.functions;

import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Functions by name. */
public final class Table {

    private final Map<String, Func> functions = new HashMap<>();

    /** @param signature as {@link Func#of} reads it */
    public Table add(String name, String signature, Func.Body body) {
        functions.put(name, Func.of(name, signature, body));
        return this;
    }

    /** The same under {@code mustName}. */
    Table both(String name, String signature, Func.Body body) {
        add(name, signature, body);
        return add("must" + Character.toUpperCase(name.charAt(0)) + name.substring(1), signature, body);
    }

    public Map<String, Func> functions() {
        return functions;
    }

    // ---- arguments

    static String text(Object[] a, int i) {
        return (String) a[i];
    }

    static long number(Object[] a, int i) {
        return ((Number) a[i]).longValue();
    }

    static int small(Object[] a, int i) {
        return Math.clamp(number(a, i), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object[] a, int i) {
        return a[i] == null ? Map.of() : (Map<String, Object>) a[i];
    }

    /** The list, or a refusal as Sprig words it: {@code Cannot push on type string}. */
    static List<?> list(Object value, String verb) {
        if (value == null) {
            throw new GoError("runtime error: invalid memory address or nil pointer dereference");
        }
        if (value instanceof List<?> l) {
            return l;
        }
        throw new GoError("Cannot " + verb + " type " + Types.kind(value));
    }

    static Object[] from(Object[] a, int start) {
        return java.util.Arrays.copyOfRange(a, start, a.length);
    }
}
