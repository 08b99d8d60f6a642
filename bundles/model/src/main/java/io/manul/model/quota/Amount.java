package io.manul.model.quota;

import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/**
 * A quantity that can be added up and shown. Its form is the first addend's that is not zero, as upstream's.
 *
 * @param binary shown with Ki, Mi, ... instead of k, M, ...
 */
public record Amount(BigDecimal value, boolean binary) implements Comparable<Amount> {

    public static final Amount ZERO = new Amount(BigDecimal.ZERO, false);
    public static final Amount ONE = new Amount(BigDecimal.ONE, false);

    private static final BigInteger KI = BigInteger.valueOf(1024);
    private static final BigInteger K = BigInteger.valueOf(1000);
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final String[] DECIMAL = {"m", "", "k", "M", "G", "T", "P", "E"};

    /** @param quantity a JSON value; 0 when absent or no quantity */
    public static Amount of(Object quantity) {
        String text = String.valueOf(quantity);
        return new Amount(Quantity.parse(text).orElse(BigDecimal.ZERO), text.endsWith("i"));
    }

    /** All amounts of a ResourceList. */
    public static Map<String, Amount> list(Map<String, Object> quantities) {
        Map<String, Amount> all = new TreeMap<>();
        quantities.forEach((name, quantity) -> all.put(name, of(quantity)));
        return all;
    }

    public static Amount of(long count) {
        return new Amount(BigDecimal.valueOf(count), false);
    }

    public Amount plus(Amount other) {
        return new Amount(value.add(other.value), value.signum() == 0 ? other.binary : binary);
    }

    public Amount minus(Amount other) {
        return new Amount(value.subtract(other.value), value.signum() == 0 ? other.binary : binary);
    }

    public Amount most(Amount other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** In whole units, rounded up. */
    public Amount whole() {
        return new Amount(value.setScale(0, RoundingMode.CEILING), binary);
    }

    public int sign() {
        return value.signum();
    }

    /** By value alone. */
    @Override
    public int compareTo(Amount other) {
        return value.compareTo(other.value);
    }

    /** The canonical form (API reference, "Quantity"). */
    @Override
    public String toString() {
        if (value.signum() == 0) {
            return "0";
        }
        BigInteger bytes = value.setScale(0, RoundingMode.UP).toBigInteger();
        return binary && bytes.abs().compareTo(KI) >= 0 ? shortest(bytes, KI, BINARY)
                : shortest(value.scaleByPowerOfTen(3).setScale(0, RoundingMode.UP).toBigInteger(), K, DECIMAL);
    }

    private static String shortest(BigInteger value, BigInteger step, String[] suffixes) {
        BigInteger left = value;
        int i = 0;
        while (i < suffixes.length - 1 && left.mod(step).signum() == 0) {
            left = left.divide(step);
            i++;
        }
        return left + suffixes[i];
    }
}
