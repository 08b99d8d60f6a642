package io.manul.helm.template.go;

import java.util.List;
import java.util.Map;

/** {@code %#v}: a value as Go source would write it. */
final class Sharp {

    private Sharp() {
    }

    private static String inner(Object value) {
        return value == null ? "interface {}(nil)" : v(value);
    }

    static String v(Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String s -> Text.quote(s);
            case Double d -> Floats.format(d, 'g', -1);
            case UInt u -> "0x" + Long.toHexString(u.bits());
            case Map<?, ?> m -> {
                StringBuilder b = new StringBuilder(Types.of(m)).append('{');
                String gap = "";
                for (Map.Entry<String, Object> e : GoMap.sorted(m).entrySet()) {
                    b.append(gap).append(Text.quote(e.getKey())).append(':').append(inner(e.getValue()));
                    gap = ", ";
                }
                yield b.append('}').toString();
            }
            case List<?> l when l == Slice.NIL -> "[]interface {}(nil)";
            case List<?> l -> {
                StringBuilder b = new StringBuilder(Types.of(l)).append('{');
                String gap = "";
                for (Object o : l) {
                    b.append(gap).append(inner(o));
                    gap = ", ";
                }
                yield b.append('}').toString();
            }
            case Struct s -> {
                StringBuilder b = new StringBuilder(s.pointer() ? "&" + s.type().substring(1) : s.type()).append('{');
                String gap = "";
                for (Map.Entry<String, Object> e : s.fields().entrySet()) {
                    b.append(gap).append(e.getKey()).append(':').append(v(e.getValue()));
                    gap = ", ";
                }
                yield b.append('}').toString();
            }
            default -> value.toString();
        };
    }
}
