package io.manul.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A resource quantity (API reference, "Quantity"): a decimal with an SI suffix (n u m k M G T P E), a binary one (Ki Mi Gi
 * Ti Pi Ei) or an exponent.
 */
public final class Quantity {

    private static final Pattern FORM =
            Pattern.compile("([+-]?(?:[0-9]{1,40}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20}))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]{1,3})?");
    private static final Map<String, BigDecimal> SUFFIX = Map.ofEntries(
            Map.entry("n", BigDecimal.valueOf(1, 9)), Map.entry("u", BigDecimal.valueOf(1, 6)),
            Map.entry("m", BigDecimal.valueOf(1, 3)), Map.entry("k", BigDecimal.valueOf(1000)),
            Map.entry("M", BigDecimal.valueOf(1000_000)), Map.entry("G", BigDecimal.valueOf(1000_000_000)),
            Map.entry("T", BigDecimal.valueOf(1000_000_000_000L)), Map.entry("P", BigDecimal.valueOf(1000_000_000_000_000L)),
            Map.entry("E", BigDecimal.valueOf(1000_000_000_000_000_000L)), Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)), Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)), Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private Quantity() {
    }

    /** The value, or empty when the text is no quantity. */
    public static Optional<BigDecimal> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(m.group(1).endsWith(".") ? m.group(1) + "0" : m.group(1));
        String suffix = m.group(2);
        if (suffix == null) {
            return Optional.of(number);
        }
        BigDecimal factor = SUFFIX.get(suffix);
        return Optional.of(factor != null ? number.multiply(factor)
                : number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))));
    }

    /** A JSON value (text or number) in whole units, rounded up; 0 when absent or no quantity. */
    public static long units(Object value) {
        return scaled(value, 0);
    }

    /** A JSON value in thousandths, rounded up: millicores of cpu. */
    public static long millis(Object value) {
        return scaled(value, 3);
    }

    private static long scaled(Object value, int power) {
        if (value == null) {
            return 0;
        }
        BigDecimal v = parse(String.valueOf(value)).orElse(BigDecimal.ZERO).scaleByPowerOfTen(power)
                .setScale(0, RoundingMode.CEILING);
        return v.min(BigDecimal.valueOf(Long.MAX_VALUE)).max(BigDecimal.valueOf(Long.MIN_VALUE)).longValue();
    }
}
