package io.manul.helm.template.go;

import java.math.BigInteger;

/** Whole numbers as Go's strconv reads them. */
public final class Ints {

    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger UMAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Ints() {
    }

    /** strconv.ParseInt(text, 0, 64), or null: prefixes 0x, 0o, 0b, 0, and underscores. */
    public static Long parse(String text) {
        BigInteger i = big(text, 0);
        return i == null || i.compareTo(MIN) < 0 || i.compareTo(MAX) > 0 ? null : (Long) i.longValue();
    }

    public static Long parse(String text, int base) {
        BigInteger i = big(text, base);
        return i == null || i.compareTo(MIN) < 0 || i.compareTo(MAX) > 0 ? null : (Long) i.longValue();
    }

    /** strconv.ParseUint(text, 0, 64), or null. */
    public static Long unsigned(String text) {
        BigInteger i = text.startsWith("+") || text.startsWith("-") ? null : big(text, 0);
        return i == null || i.compareTo(UMAX) > 0 ? null : (Long) i.longValue();
    }

    private static BigInteger big(String text, int radix) {
        String t = text;
        boolean negative = t.startsWith("-");
        if (negative || t.startsWith("+")) {
            t = t.substring(1);
        }
        int base = radix == 0 ? 10 : radix;
        if (radix == 0) {
            String low = t.toLowerCase(java.util.Locale.ROOT);
            if (low.startsWith("0x")) {
                base = 16;
            } else if (low.startsWith("0b")) {
                base = 2;
            } else if (low.startsWith("0o")) {
                base = 8;
            }
            if (base != 10) {
                t = t.substring(2);
                t = t.startsWith("_") ? t.substring(1) : t;
            } else if (t.length() > 1 && t.startsWith("0")) {
                base = 8;
                t = t.substring(1);
                t = t.startsWith("_") ? t.substring(1) : t;
            }
            if (t.startsWith("_") || t.endsWith("_") || t.contains("__")) {
                return null;
            }
            t = t.replace("_", "");
        }
        if (t.isEmpty() || t.length() > 80 || t.startsWith("-") || t.startsWith("+")) {
            return null;
        }
        for (int i = 0; i < t.length(); i++) {
            if (t.charAt(i) >= 0x80 || Character.digit(t.charAt(i), base) < 0) {
                return null;
            }
        }
        BigInteger i = new BigInteger(t, base);
        return negative ? i.negate() : i;
    }
}
