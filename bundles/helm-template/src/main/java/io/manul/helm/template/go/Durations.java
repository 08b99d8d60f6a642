package io.manul.helm.template.go;

import java.math.BigDecimal;

/** time.Duration's text. */
public final class Durations {

    private static final long SECOND = 1_000_000_000L;

    private Durations() {
    }

    public static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos == Long.MIN_VALUE) {
            return "-2562047h47m16.854775808s";
        }
        long n = Math.abs(nanos);
        String sign = nanos < 0 ? "-" : "";
        if (n < SECOND) {
            long unit = n < 1_000 ? 1 : n < 1_000_000 ? 1_000 : 1_000_000;
            String name = unit == 1 ? "ns" : unit == 1_000 ? "µs" : "ms";
            return sign + number(BigDecimal.valueOf(n).divide(BigDecimal.valueOf(unit))) + name;
        }
        long minutes = n / (60 * SECOND);
        BigDecimal seconds = BigDecimal.valueOf(n % (60 * SECOND), 9);
        String text = number(seconds) + "s";
        if (minutes > 0) {
            text = minutes % 60 + "m" + text;
        }
        if (minutes >= 60) {
            text = minutes / 60 + "h" + text;
        }
        return sign + text;
    }

    private static String number(BigDecimal d) {
        return d.signum() == 0 ? "0" : d.stripTrailingZeros().toPlainString();
    }

    /** time.ParseDuration, in nanoseconds, or null. */
    public static Long parse(String text) {
        String t = text;
        boolean negative = t.startsWith("-");
        if (negative || t.startsWith("+")) {
            t = t.substring(1);
        }
        if (t.equals("0")) {
            return 0L;
        }
        if (t.isEmpty() || !t.matches("(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+")) {
            return null;
        }
        BigDecimal sum = BigDecimal.ZERO;
        java.util.regex.Matcher m = java.util.regex.Pattern.compile("([0-9.]+)(ns|us|µs|μs|ms|s|m|h)").matcher(t);
        while (m.find()) {
            sum = sum.add(new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(unit(m.group(2)))));
        }
        if (sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return null;
        }
        return negative ? -sum.longValue() : sum.longValue();
    }

    private static long unit(String name) {
        return switch (name) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            default -> 3600 * SECOND;
        };
    }
}
