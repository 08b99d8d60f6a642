package io.manul.helm.template.go;

import java.util.List;
import java.util.Map;

/** Go's package fmt: what {@code print}, {@code printf} and {@code println} write. */
public final class Fmt {

    private Fmt() {
    }

    /** {@code %v}. */
    public static String v(Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String s -> s;
            default -> {
                StringBuilder b = new StringBuilder();
                v(b, value, false, 0);
                yield b.toString();
            }
        };
    }

    /** fmt.Sprint: a space between two operands when neither is a string. */
    public static String sprint(Object... args) {
        StringBuilder b = new StringBuilder();
        boolean wasString = false;
        for (int i = 0; i < args.length; i++) {
            boolean isString = args[i] instanceof String;
            if (i > 0 && !isString && !wasString) {
                b.append(' ');
            }
            b.append(v(args[i]));
            wasString = isString;
        }
        return b.toString();
    }

    public static String sprintln(Object... args) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < args.length; i++) {
            b.append(i > 0 ? " " : "").append(v(args[i]));
        }
        return b.append('\n').toString();
    }

    public static String sprintf(String format, Object... args) {
        return new Printf(format, args).format();
    }

    /** Appends {@code %v}, or {@code %+v} with {@code plus}. */
    static void v(StringBuilder b, Object value, boolean plus, int depth) {
        switch (value) {
            case null -> b.append("<nil>");
            case String s -> b.append(s);
            case Double d -> b.append(Floats.format(d, 'g', -1));
            case Map<?, ?> m -> map(b, m, plus, depth);
            case List<?> l -> list(b, l, plus, depth);
            case Struct s -> struct(b, s, plus, depth);
            case Throwable t -> b.append(t.getMessage());
            case Func f -> b.append("0x0");
            default -> b.append(value);
        }
    }

    private static void map(StringBuilder b, Map<?, ?> m, boolean plus, int depth) {
        b.append("map[");
        int start = b.length();
        for (Map.Entry<String, Object> e : GoMap.sorted(m).entrySet()) {
            if (b.length() > start) {
                b.append(' ');
            }
            b.append(e.getKey()).append(':');
            v(b, e.getValue(), plus, depth + 1);
        }
        b.append(']');
    }

    private static void list(StringBuilder b, List<?> l, boolean plus, int depth) {
        b.append('[');
        for (int i = 0; i < l.size(); i++) {
            if (i > 0) {
                b.append(' ');
            }
            v(b, l.get(i), plus, depth + 1);
        }
        b.append(']');
    }

    private static void struct(StringBuilder b, Struct s, boolean plus, int depth) {
        if (s.text() != null) {
            b.append(s.text());
            return;
        }
        if (s.pointer()) {
            b.append(depth > 0 ? "0xc000000000" : "&");
            if (depth > 0) {
                return;
            }
        }
        b.append('{');
        boolean first = true;
        for (Map.Entry<String, Object> e : s.fields().entrySet()) {
            b.append(first ? "" : " ");
            if (plus) {
                b.append(e.getKey()).append(':');
            }
            v(b, e.getValue(), plus, depth + 1);
            first = false;
        }
        b.append('}');
    }
}
