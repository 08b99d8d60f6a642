package io.manul.helm.template.go;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** YAML as sigs.k8s.io/yaml (go-yaml 2, through JSON) writes it, and as go-yaml 3 does with an indent of 2. */
public final class YamlOut {

    private static final int MOST_DEPTH = 1000;

    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;

    private YamlOut(boolean pretty) {
        this.pretty = pretty;
    }

    /** Ends with a line feed. */
    public static String marshal(Object value) {
        YamlOut y = new YamlOut(false);
        y.root(value);
        return y.out.toString();
    }

    /** Lists in maps stand two further in. */
    public static String pretty(Object value) {
        YamlOut y = new YamlOut(true);
        y.root(value);
        return y.out.toString();
    }

    private void root(Object value) {
        switch (shape(value)) {
            case Map<?, ?> m when !m.isEmpty() -> map(m, 0, false, 0);
            case List<?> l when !l.isEmpty() -> list(l, 0, false, 0);
            case null, default -> {
                scalar(shape(value), 2, false);
                out.append('\n');
            }
        }
    }

    /** Structs are maps, binary is text: what is left is map, list, or scalar. */
    private static Object shape(Object value) {
        return switch (value) {
            case Struct s -> s.json();
            case Slice s when s.element().equals("uint8") -> {
                byte[] bytes = new byte[s.size()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) ((UInt) s.get(i)).bits();
                }
                yield java.util.Base64.getEncoder().encodeToString(bytes);
            }
            case List<?> l when l == Slice.NIL -> null;
            case Func f -> throw new GoError("json: unsupported type: " + Types.of(f));
            case Complex c -> throw new GoError("json: unsupported type: complex128");
            case null -> null;
            default -> value;
        };
    }

    private void map(Map<?, ?> m, int indent, boolean inline, int depth) {
        if (depth > MOST_DEPTH) {
            throw new GoError("json: unsupported value: encountered a cycle via " + Types.of(m));
        }
        List<String> keys = new ArrayList<>(m.size());
        m.keySet().forEach(k -> keys.add((String) k));
        keys.sort(YamlOut::compare);
        boolean first = inline;
        for (String key : keys) {
            if (!first) {
                out.repeat(' ', indent);
            }
            first = false;
            if (key.indexOf('\n') >= 0 || Text.length(key) > 128) {
                out.append("? ");
                scalar(key, indent + 2, false);
                out.append('\n').repeat(' ', indent).append(":");
            } else {
                scalar(key, indent, true);
                out.append(':');
            }
            child(shape(m.get(key)), indent, depth);
        }
    }

    private void child(Object value, int indent, int depth) {
        switch (value) {
            case Map<?, ?> c when !c.isEmpty() -> {
                out.append('\n');
                map(c, indent + 2, false, depth + 1);
            }
            case List<?> c when !c.isEmpty() -> {
                out.append('\n');
                list(c, pretty ? indent + 2 : indent, false, depth + 1);
            }
            case null, default -> {
                out.append(' ');
                scalar(value, indent + 2, false);
                out.append('\n');
            }
        }
    }

    private void list(List<?> l, int indent, boolean inline, int depth) {
        if (depth > MOST_DEPTH) {
            throw new GoError("json: unsupported value: encountered a cycle via " + Types.of(l));
        }
        boolean first = inline;
        for (Object item : l) {
            if (!first) {
                out.repeat(' ', indent);
            }
            first = false;
            out.append("- ");
            switch (shape(item)) {
                case Map<?, ?> c when !c.isEmpty() -> map(c, indent + 2, true, depth + 1);
                case List<?> c when !c.isEmpty() -> list(c, indent + 2, true, depth + 1);
                case null, default -> {
                    scalar(shape(item), indent + 2, false);
                    out.append('\n');
                }
            }
        }
    }

    private void scalar(Object value, int indent, boolean key) {
        switch (value) {
            case null -> out.append("null");
            case String s -> {
                if (!pretty && YamlText.controls(s)) {
                    throw new GoError("yaml: control characters are not allowed");
                }
                new YamlString(out, s, indent, key, !pretty).write();
            }
            case Double d -> out.append(number(d));
            case Map<?, ?> m -> out.append("{}");
            case List<?> l -> out.append("[]");
            case Duration d -> out.append(d.nanos());
            default -> out.append(value);
        }
    }

    private String number(double d) {
        if (pretty) {
            return Double.isNaN(d) ? ".nan" : Double.isInfinite(d) ? d > 0 ? ".inf" : "-.inf" : Floats.format(d, 'g', -1);
        }
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            throw new GoError("json: unsupported value: " + Floats.format(d, 'g', -1));
        }
        return switch (YamlScalars.resolve(Floats.json(d))) {
            case Double f -> Floats.format(f, 'g', -1);
            case Object other -> other.toString();
        };
    }

    /** go-yaml's order of keys: letters after the rest, numbers inside by their value. */
    static int compare(String a, String b) {
        int[] x = a.codePoints().toArray();
        int[] y = b.codePoints().toArray();
        for (int i = 0; i < x.length && i < y.length; i++) {
            if (x[i] == y[i]) {
                continue;
            }
            boolean xl = Character.isLetter(x[i]);
            boolean yl = Character.isLetter(y[i]);
            if (xl || yl) {
                return xl && yl ? Integer.compare(x[i], y[i]) : yl ? -1 : 1;
            }
            return digits(x, y, i);
        }
        return Integer.compare(x.length, y.length);
    }

    private static int digits(int[] x, int[] y, int i) {
        long start = 0;
        if (x[i] == '0' || y[i] == '0') {
            for (int j = i - 1; j >= 0 && Character.isDigit(x[j]); j--) {
                if (x[j] != '0') {
                    start = 1;
                    break;
                }
            }
        }
        long xn = start;
        long yn = start;
        int xi = i;
        int yi = i;
        for (; xi < x.length && Character.isDigit(x[xi]); xi++) {
            xn = xn * 10 + x[xi] - '0';
        }
        for (; yi < y.length && Character.isDigit(y[yi]); yi++) {
            yn = yn * 10 + y[yi] - '0';
        }
        if (xn != yn) {
            return Long.compare(xn, yn);
        }
        return xi != yi ? Integer.compare(xi, yi) : Integer.compare(x[i], y[i]);
    }
}
