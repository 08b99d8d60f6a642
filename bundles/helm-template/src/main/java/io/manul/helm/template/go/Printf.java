package io.manul.helm.template.go;

import java.util.List;
import java.util.Map;

/** One fmt.Sprintf: the format is read once from left to right, as Go's documentation of package fmt tells. */
final class Printf {

    private static final int MOST_WIDTH = 1_000_000;

    private final String format;
    private final Object[] args;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;
    private boolean reordered;
    private boolean goodIndex = true;
    private boolean afterIndex;

    Printf(String format, Object[] args) {
        this.format = format;
        this.args = args;
    }

    String format() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(format, at, format.length());
                break;
            }
            out.append(format, at, percent);
            at = percent + 1;
            verb();
        }
        if (!reordered && next < args.length) {
            extra();
        }
        return out.toString();
    }

    private void extra() {
        out.append("%!(EXTRA ");
        for (int i = next; i < args.length; i++) {
            out.append(i > next ? ", " : "");
            out.append(args[i] == null ? "<nil>" : Types.of(args[i]) + "=" + Fmt.v(args[i]));
        }
        out.append(')');
    }

    private void verb() {
        Directive d = new Directive();
        goodIndex = true;
        afterIndex = false;
        flags(d);
        index();
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            star(d, true);
            afterIndex = false;
        } else {
            int start = at;
            Integer width = number();
            if (width != null && start < at) {
                d.width = width;
                if (afterIndex) {
                    goodIndex = false;
                }
            }
        }
        precision(d);
        if (!afterIndex) {
            index();
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int c = format.codePointAt(at);
        at += Character.charCount(c);
        if (c == '%') {
            out.append('%');
        } else if (!goodIndex) {
            out.append("%!").appendCodePoint(c).append("(BADINDEX)");
        } else if (next >= args.length) {
            out.append("%!").appendCodePoint(c).append("(MISSING)");
        } else {
            out.append(new Operand(d).format(args[next++], c));
        }
    }

    private void flags(Directive d) {
        for (; at < format.length(); at++) {
            switch (format.charAt(at)) {
                case '#' -> d.sharp = true;
                case '0' -> d.zero = true;
                case '+' -> d.plus = true;
                case '-' -> d.minus = true;
                case ' ' -> d.space = true;
                default -> {
                    return;
                }
            }
        }
    }

    private void precision(Directive d) {
        if (at + 1 > format.length() || at >= format.length() || format.charAt(at) != '.') {
            return;
        }
        at++;
        if (afterIndex) {
            goodIndex = false;
        }
        index();
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            star(d, false);
            afterIndex = false;
        } else {
            Integer p = number();
            d.precision = p == null ? 0 : p;
        }
    }

    private void star(Directive d, boolean width) {
        Object a = next < args.length ? args[next++] : null;
        boolean good = a instanceof Int || a instanceof Long || a instanceof UInt;
        long n = a instanceof Number x ? x.longValue() : a instanceof UInt u ? u.bits() : 0;
        if (!good || Math.abs(n) > MOST_WIDTH) {
            out.append(width ? "%!(BADWIDTH)" : "%!(BADPREC)");
        } else if (width) {
            d.minus |= n < 0;
            d.width = (int) Math.abs(n);
        } else if (n >= 0) {
            d.precision = (int) n;
        } else {
            out.append("%!(BADPREC)");
        }
    }

    private Integer number() {
        int start = at;
        int n = 0;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            n = n * 10 + format.charAt(at++) - '0';
            if (n > MOST_WIDTH) {
                return null;
            }
        }
        return start == at ? null : (Integer) n;
    }

    private void index() {
        if (at >= format.length() || format.charAt(at) != '[') {
            return;
        }
        reordered = true;
        afterIndex = true;
        int end = format.indexOf(']', at);
        if (end < 0) {
            goodIndex = false;
            at++;
            return;
        }
        String text = format.substring(at + 1, end);
        at = end + 1;
        if (text.matches("[0-9]{1,7}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= args.length) {
            next = Integer.parseInt(text) - 1;
        } else {
            goodIndex = false;
        }
    }

    /** Flags, width and precision of one verb. */
    static final class Directive {
        boolean sharp;
        boolean zero;
        boolean plus;
        boolean minus;
        boolean space;
        int width = -1;
        int precision = -1;
    }

    /** Formats one operand under its directive. */
    record Operand(Directive d) {

        String format(Object value, int verb) {
            if (verb == 'T') {
                return pad(Types.of(value));
            }
            if (verb == 'v' && (d.plus || d.sharp)) {
                return deep(value);
            }
            if (value == null) {
                return verb == 'v' ? pad("<nil>") : "%!" + Character.toString(verb) + "(<nil>)";
            }
            String text = value instanceof Struct s ? s.text() : value instanceof Duration t && "vsqxX".indexOf(verb) >= 0 ? t.toString() : null;
            if (text != null && "vsqxX".indexOf(verb) >= 0 && !d.sharp) {
                return string(text, verb, value);
            }
            return switch (value) {
                case Boolean b -> verb == 't' || verb == 'v' ? pad(b.toString()) : bad(value, verb);
                case String s -> string(s, verb, value);
                case Double f -> floating(f, verb);
                case Long l -> whole(l, verb, value, false);
                case Int i -> whole(i.longValue(), verb, value, false);
                case Duration t -> whole(t.nanos(), verb, value, false);
                case UInt u -> whole(u.bits(), verb, value, true);
                case List<?> l -> list(l, verb);
                case Map<?, ?> m -> map(m, verb);
                case Struct s when verb == 'v' && d.sharp -> Sharp.v(value);
                case Struct s -> struct(s, verb);
                default -> verb == 'v' ? pad(Fmt.v(value)) : bad(value, verb);
            };
        }

        /** {@code %+v} and {@code %#v}: the flags mean something else than a sign or a prefix. */
        private String deep(Object value) {
            Directive plain = new Directive();
            plain.minus = d.minus;
            plain.zero = d.zero;
            plain.width = d.width;
            plain.precision = d.precision;
            if (d.sharp) {
                return new Operand(plain).pad(Sharp.v(value));
            }
            if (value instanceof Struct s && s.text() == null) {
                StringBuilder b = new StringBuilder();
                Fmt.v(b, value, true, 0);
                return b.toString();
            }
            return new Operand(plain).format(value, 'v');
        }

        private String bad(Object value, int verb) {
            return "%!" + Character.toString(verb) + "(" + Types.of(value) + "=" + new Operand(new Directive()).format(value, 'v') + ")";
        }

        private String list(List<?> l, int verb) {
            if (l instanceof Slice s && s.element().equals("uint8") && "sqxX".indexOf(verb) >= 0) {
                byte[] bytes = new byte[s.size()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) ((UInt) s.get(i)).bits();
                }
                return string(Text.of(bytes), verb, l);
            }
            if (verb == 'v' && d.sharp) {
                return Sharp.v(l);
            }
            StringBuilder b = new StringBuilder("[");
            for (int i = 0; i < l.size(); i++) {
                b.append(i > 0 ? " " : "").append(format(l.get(i), verb));
            }
            return b.append(']').toString();
        }

        private String map(Map<?, ?> m, int verb) {
            if (verb == 'v' && d.sharp) {
                return Sharp.v(m);
            }
            StringBuilder b = new StringBuilder("map[");
            String gap = "";
            for (Map.Entry<String, Object> e : GoMap.sorted(m).entrySet()) {
                b.append(gap).append(format(e.getKey(), verb)).append(':').append(format(e.getValue(), verb));
                gap = " ";
            }
            return b.append(']').toString();
        }

        private String struct(Struct s, int verb) {
            StringBuilder b = new StringBuilder(s.pointer() ? "&{" : "{");
            String gap = "";
            for (Map.Entry<String, Object> e : s.fields().entrySet()) {
                b.append(gap).append(d.plus && verb == 'v' ? e.getKey() + ":" : "").append(format(e.getValue(), verb));
                gap = " ";
            }
            return b.append('}').toString();
        }

        private String string(String s, int verb, Object value) {
            return switch (verb) {
                case 'v' -> d.sharp ? quoted(s) : pad(truncate(s));
                case 's' -> pad(truncate(s));
                case 'q' -> quoted(truncate(s));
                case 'x', 'X' -> pad(hex(s, verb == 'X'));
                default -> bad(value, verb);
            };
        }

        private String quoted(String s) {
            if (d.sharp && !s.contains("`") && s.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f && c != 0xfeff)) {
                return pad("`" + s + "`");
            }
            return pad(Text.quote(s, '"', d.plus));
        }

        private String truncate(String s) {
            return d.precision < 0 || s.codePointCount(0, s.length()) <= d.precision ? s : s.substring(0, s.offsetByCodePoints(0, d.precision));
        }

        private String hex(String s, boolean upper) {
            byte[] bytes = Text.bytes(s);
            int n = d.precision >= 0 ? Math.min(d.precision, bytes.length) : bytes.length;
            StringBuilder b = new StringBuilder();
            for (int i = 0; i < n; i++) {
                b.append(d.space && i > 0 ? " " : "").append(d.sharp && (d.space || i == 0) ? upper ? "0X" : "0x" : "");
                b.append(String.format(upper ? "%02X" : "%02x", bytes[i] & 0xff));
            }
            return b.toString();
        }

        private String whole(long n, int verb, Object value, boolean unsigned) {
            boolean negative = !unsigned && n < 0;
            return switch (verb) {
                case 'v', 'd' -> d.sharp && verb == 'v' && unsigned ? integer("0x", Long.toHexString(n), false)
                        : integer("", digits(n, 10, negative), negative);
                case 'b' -> integer(d.sharp ? "0b" : "", digits(n, 2, negative), negative);
                case 'o' -> integer(d.sharp ? "0" : "", digits(n, 8, negative), negative);
                case 'O' -> integer("0o", digits(n, 8, negative), negative);
                case 'x' -> integer(d.sharp ? "0x" : "", digits(n, 16, negative), negative);
                case 'X' -> integer(d.sharp ? "0X" : "", digits(n, 16, negative).toUpperCase(java.util.Locale.ROOT), negative);
                case 'c' -> pad(rune(n));
                case 'q' -> pad(Text.quote(rune(n), '\'', d.plus));
                case 'U' -> pad(String.format("U+%04X", n) + (d.sharp && Text.printable((int) n) ? " '" + rune(n) + "'" : ""));
                default -> bad(value, verb);
            };
        }

        private static String rune(long n) {
            return n < 0 || n > 0x10ffff || n >= 0xd800 && n <= 0xdfff ? "\ufffd" : Character.toString((int) n);
        }

        private static String digits(long n, int base, boolean negative) {
            return negative ? Long.toUnsignedString(-n, base) : Long.toUnsignedString(n, base);
        }

        private String integer(String prefix, String digits, boolean negative) {
            String text = digits;
            if (d.precision == 0 && text.equals("0")) {
                return pad("");
            }
            String sign = negative ? "-" : d.plus ? "+" : d.space ? " " : "";
            int wanted = d.precision >= 0 ? d.precision
                    : d.zero && !d.minus && d.width > 0 ? d.width - sign.length() : 0;
            return pad(sign + prefix + "0".repeat(Math.max(0, wanted - text.length())) + text);
        }

        private String floating(double f, int verb) {
            if ("eEfFgGv".indexOf(verb) < 0) {
                return bad(f, verb);
            }
            int precision = d.precision >= 0 ? d.precision : verb == 'v' || verb == 'g' || verb == 'G' ? -1 : 6;
            String text = Floats.format(f, verb == 'v' ? 'g' : (char) verb, precision);
            boolean negative = text.startsWith("-");
            String digits = negative || text.startsWith("+") ? text.substring(1) : text;
            boolean finite = !Double.isInfinite(f) && !Double.isNaN(f);
            String sign = negative ? "-" : d.plus || Double.isInfinite(f) && f > 0 && !d.space ? "+" : d.space ? " " : "";
            if (d.zero && !d.minus && finite && d.width > sign.length() + digits.length()) {
                return sign + "0".repeat(d.width - sign.length() - digits.length()) + digits;
            }
            String whole = sign + digits;
            return d.width > whole.length() && !finite ? spaces(whole) : pad(whole);
        }

        private String spaces(String text) {
            String blank = " ".repeat(Math.max(0, d.width - text.codePointCount(0, text.length())));
            return d.minus ? text + blank : blank + text;
        }

        private String pad(String text) {
            int n = text.codePointCount(0, text.length());
            if (d.width <= n) {
                return text;
            }
            String blank = (d.zero && !d.minus ? "0" : " ").repeat(d.width - n);
            return d.minus ? text + blank : blank + text;
        }
    }
}
