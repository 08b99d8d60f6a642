package io.manul.helm.template.functions;

import io.manul.helm.template.go.Duration;
import io.manul.helm.template.go.Floats;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Struct;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.go.UInt;
import java.util.List;
import java.util.Map;

/** Writes TOML 1.0 as the library that Helm uses (BurntSushi/toml) does: plain keys first, then tables, indented. */
public final class Toml {

    private final StringBuilder out = new StringBuilder();

    private Toml() {
    }

    /** The text, or what is wrong as text: that is what Helm's function gives. */
    public static String marshal(Object value) {
        if (value == null) {
            throw new GoError("reflect: call of reflect.Value.Type on zero Value");
        }
        try {
            Toml t = new Toml();
            if (!(value instanceof Map<?, ?> m)) {
                return inline(value);
            }
            t.table("", m, 0);
            return t.out.toString();
        } catch (GoError e) {
            return e.getMessage();
        }
    }

    private static String key(String k) {
        return k.matches("[A-Za-z0-9_-]+") ? k : quoted(k);
    }

    private static boolean tables(Object v) {
        return v instanceof Map<?, ?> || v instanceof List<?> l && !l.isEmpty() && l.stream().allMatch(o -> o instanceof Map<?, ?>);
    }

    private void table(String path, Map<?, ?> m, int depth) {
        if (depth > 200) {
            throw new GoError("toml: tables nest too deeply");
        }
        Map<String, Object> sorted = GoMap.sorted(m);
        String indent = "  ".repeat(Math.max(0, depth));
        sorted.forEach((k, v) -> {
            if (v != null && !tables(v)) {
                out.append(indent).append(key(k)).append(" = ").append(inline(v)).append('\n');
            }
        });
        sorted.forEach((k, v) -> {
            String full = path.isEmpty() ? key(k) : path + "." + key(k);
            if (v instanceof Map<?, ?> t) {
                header(indent, "[" + full + "]", depth == 0);
                table(full, t, depth + 1);
            } else if (v != null && tables(v)) {
                for (Object t : (List<?>) v) {
                    header(indent, "[[" + full + "]]", true);
                    table(full, (Map<?, ?>) t, depth + 1);
                }
            }
        });
    }

    private void header(String indent, String text, boolean apart) {
        if (apart && !out.isEmpty()) {
            out.append('\n');
        }
        out.append(indent).append(text).append('\n');
    }

    private static String inline(Object v) {
        return switch (v) {
            case String s -> quoted(s);
            case Double d -> floating(d);
            case List<?> l -> {
                StringBuilder b = new StringBuilder("[");
                for (Object o : l) {
                    if (o == null) {
                        throw new GoError("toml: cannot encode array with nil element");
                    }
                    b.append(b.length() > 1 ? ", " : "").append(inline(o));
                }
                yield b.append(']').toString();
            }
            case Map<?, ?> m -> {
                StringBuilder b = new StringBuilder("{");
                GoMap.sorted(m).forEach((k, e) -> {
                    if (e != null) {
                        b.append(b.length() > 1 ? ", " : "").append(key(k)).append(" = ").append(inline(e));
                    }
                });
                yield b.append('}').toString();
            }
            case Boolean b -> b.toString();
            case Number n -> n.toString();
            case UInt u -> u.toString();
            case Duration d -> quoted(d.toString());
            case Struct s when s.text() != null -> quoted(s.text());
            default -> throw new GoError("toml: cannot encode " + Types.of(v));
        };
    }

    private static String floating(double d) {
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            return Double.isNaN(d) ? "nan" : d > 0 ? "inf" : "-inf";
        }
        String s = Math.abs(d) >= 1e15 || d != 0 && Math.abs(d) < 1e-6 ? Floats.format(d, 'g', -1) : Floats.format(d, 'f', -1);
        return s.contains(".") || s.contains("e") ? s : s + ".0";
    }

    private static String quoted(String s) {
        StringBuilder b = new StringBuilder("\"");
        s.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> b.append("\\\"");
                case '\\' -> b.append("\\\\");
                case '\n' -> b.append("\\n");
                case '\t' -> b.append("\\t");
                case '\r' -> b.append("\\r");
                case '\b' -> b.append("\\b");
                case '\f' -> b.append("\\f");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        b.append(String.format("\\u%04x", c));
                    } else {
                        b.appendCodePoint(c);
                    }
                }
            }
        });
        return b.append('"').toString();
    }
}
