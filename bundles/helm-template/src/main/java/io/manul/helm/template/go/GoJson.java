package io.manul.helm.template.go;

import io.manul.json.Json;
import io.manul.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON as Go's encoding/json writes it: keys sorted, {@code <}, {@code >} and {@code &} escaped. */
public final class GoJson {

    private static final int MOST_DEPTH = 1000;

    private GoJson() {
    }

    public static String marshal(Object value) {
        return write(value, true, null);
    }

    public static String raw(Object value) {
        return write(value, false, null);
    }

    public static String pretty(Object value) {
        return write(value, true, "  ");
    }

    private static String write(Object value, boolean html, String indent) {
        StringBuilder b = new StringBuilder();
        write(b, value, html, indent, 0);
        return b.toString();
    }

    private static void write(StringBuilder b, Object value, boolean html, String indent, int depth) {
        if (depth > MOST_DEPTH) {
            throw new GoError("json: unsupported value: encountered a cycle via " + Types.of(value));
        }
        switch (value) {
            case null -> b.append("null");
            case String s -> string(b, s, html);
            case Double d -> number(b, d);
            case Slice s when s.element().equals("uint8") -> base64(b, s);
            case List<?> l when l == Slice.NIL -> b.append("null");
            case List<?> l -> list(b, l, html, indent, depth);
            case Map<?, ?> m -> map(b, GoMap.sorted(m), html, indent, depth);
            case Struct s when s.json() instanceof Map<?, ?> m -> map(b, fields(m), html, indent, depth);
            case Struct s -> write(b, s.json(), html, indent, depth + 1);
            case Duration d -> b.append(d.nanos());
            case Func f -> throw new GoError("json: unsupported type: " + Types.of(f));
            case Complex c -> throw new GoError("json: unsupported type: complex128");
            default -> b.append(value);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(Map<?, ?> m) {
        return (Map<String, Object>) m;
    }

    private static void base64(StringBuilder b, Slice s) {
        byte[] bytes = new byte[s.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((UInt) s.get(i)).bits();
        }
        b.append('"').append(java.util.Base64.getEncoder().encodeToString(bytes)).append('"');
    }

    private static void number(StringBuilder b, double d) {
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            throw new GoError("json: unsupported value: " + Floats.format(d, 'g', -1));
        }
        b.append(Floats.json(d));
    }

    private static void list(StringBuilder b, List<?> l, boolean html, String indent, int depth) {
        b.append('[');
        for (int i = 0; i < l.size(); i++) {
            b.append(i > 0 ? "," : "");
            line(b, indent, depth + 1);
            write(b, l.get(i), html, indent, depth + 1);
        }
        if (!l.isEmpty()) {
            line(b, indent, depth);
        }
        b.append(']');
    }

    private static void map(StringBuilder b, Map<String, Object> m, boolean html, String indent, int depth) {
        b.append('{');
        boolean first = true;
        for (Map.Entry<String, Object> e : m.entrySet()) {
            b.append(first ? "" : ",");
            line(b, indent, depth + 1);
            string(b, e.getKey(), html);
            b.append(indent == null ? ":" : ": ");
            write(b, e.getValue(), html, indent, depth + 1);
            first = false;
        }
        if (!m.isEmpty()) {
            line(b, indent, depth);
        }
        b.append('}');
    }

    private static void line(StringBuilder b, String indent, int depth) {
        if (indent != null) {
            b.append('\n').repeat(indent, depth);
        }
    }

    private static void string(StringBuilder b, String s, boolean html) {
        b.append('"');
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '"' -> b.append("\\\"");
                case '\\' -> b.append("\\\\");
                case '\n' -> b.append("\\n");
                case '\r' -> b.append("\\r");
                case '\t' -> b.append("\\t");
                case '\b' -> b.append("\\b");
                case '\f' -> b.append("\\f");
                case 0x2028, 0x2029 -> b.append(String.format("\\u%04x", c));
                default -> {
                    if (c < ' ' || html && (c == '<' || c == '>' || c == '&')) {
                        b.append(String.format("\\u%04x", c));
                    } else if (c >= 0xD800 && c <= 0xDFFF) {
                        b.append("\\ufffd");
                    } else {
                        b.appendCodePoint(c);
                    }
                }
            }
        }
        b.append('"');
    }

    /** encoding/json into an {@code interface {}}: numbers become float64. */
    public static Object unmarshal(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw new GoError("unexpected end of JSON input");
        }
        try {
            return floats(Json.parse(Text.bytes(text)));
        } catch (JsonException e) {
            throw new GoError(JsonErrors.why(text, e));
        }
    }

    /** The same value with Go's maps and every number a float64. */
    public static Object floats(Object value) {
        return switch (value) {
            case Map<?, ?> m -> {
                GoMap out = new GoMap();
                m.forEach((k, v) -> out.put((String) k, floats(v)));
                yield out;
            }
            case List<?> l -> {
                List<Object> out = new ArrayList<>(l.size());
                l.forEach(v -> out.add(floats(v)));
                yield out;
            }
            case Number n -> n.doubleValue();
            case null -> null;
            default -> value;
        };
    }
}
