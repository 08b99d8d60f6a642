package io.manul.helm.template.go;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Floating-point numbers as Go's strconv writes and reads them. */
public final class Floats {

    private Floats() {
    }

    /** strconv.FormatFloat; precision -1 is the shortest text that reads back the same. */
    public static String format(double d, char verb, int precision) {
        if (Double.isNaN(d)) {
            return "NaN";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? "+Inf" : "-Inf";
        }
        boolean negative = d < 0 || d == 0 && 1 / d < 0;
        BigDecimal exact = precision < 0 ? new BigDecimal(Double.toString(Math.abs(d))) : new BigDecimal(Math.abs(d));
        String text = switch (verb) {
            case 'e', 'E' -> exponent(precision < 0 ? exact : round(exact, precision + 1), precision, verb);
            case 'f', 'F' -> plain(exact, precision);
            default -> general(exact, precision, verb);
        };
        return negative ? "-" + text : text;
    }

    private static BigDecimal round(BigDecimal d, int digits) {
        return d.signum() == 0 ? d : d.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }

    private static String plain(BigDecimal d, int precision) {
        if (precision >= 0) {
            return d.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        }
        BigDecimal s = d.signum() == 0 ? BigDecimal.ZERO : d.stripTrailingZeros();
        return s.scale() < 0 ? s.setScale(0).toPlainString() : s.toPlainString();
    }

    private static String exponent(BigDecimal d, int precision, char verb) {
        BigDecimal s = d.signum() == 0 ? BigDecimal.ZERO : d.stripTrailingZeros();
        String digits = s.unscaledValue().toString();
        int exponent = d.signum() == 0 ? 0 : digits.length() - 1 - s.scale();
        StringBuilder b = new StringBuilder().append(digits.charAt(0));
        StringBuilder rest = new StringBuilder(digits.substring(1));
        while (rest.length() < precision) {
            rest.append('0');
        }
        if (!rest.isEmpty()) {
            b.append('.').append(rest);
        }
        char e = Character.isUpperCase(verb) ? 'E' : 'e';
        return b.append(e).append(exponent < 0 ? '-' : '+').append(Math.abs(exponent) < 10 ? "0" : "").append(Math.abs(exponent)).toString();
    }

    private static String general(BigDecimal exact, int precision, char verb) {
        boolean shortest = precision < 0;
        int wanted = shortest ? 6 : precision == 0 ? 1 : precision;
        BigDecimal d = shortest ? exact : round(exact, wanted);
        BigDecimal s = d.signum() == 0 ? BigDecimal.ZERO : d.stripTrailingZeros();
        int digits = s.precision();
        int point = d.signum() == 0 ? 0 : digits - s.scale();
        int limit = wanted;
        if (limit > digits && digits >= point) {
            limit = digits;
        }
        if (shortest) {
            limit = 6;
        }
        int exponent = point - 1;
        if (exponent < -4 || exponent >= limit) {
            return exponent(s, -1, verb == 'G' ? 'E' : 'e');
        }
        return plain(s, -1);
    }

    /** As encoding/json and ECMAScript write it. */
    public static String json(double d) {
        double abs = Math.abs(d);
        if (abs != 0 && (abs < 1e-6 || abs >= 1e21)) {
            return format(d, 'e', -1).replaceFirst("e-0", "e-");
        }
        return format(d, 'f', -1);
    }

    /** strconv.ParseFloat, or null. */
    public static Double parse(String text) {
        String t = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        String sign = text.startsWith("-") ? "-" : "";
        String low = t.toLowerCase(java.util.Locale.ROOT);
        if (low.equals("inf") || low.equals("infinity")) {
            return sign.isEmpty() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        if (low.equals("nan")) {
            return Double.NaN;
        }
        if (!t.matches("([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?|0[xX]([0-9a-fA-F]+(\\.[0-9a-fA-F]*)?|\\.[0-9a-fA-F]+)[pP][-+]?[0-9]+")) {
            return null;
        }
        double d = Double.parseDouble(sign + t);
        return Double.isInfinite(d) ? null : (Double) d;
    }
}
