package io.manul.apiserver.engine.validation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The canonical form of a quantity (Kubernetes API reference, Quantity): no fraction, the largest suffix that leaves none,
 * the kind of suffix (binary, decimal, exponent) as given.
 */
final class Quantities {

    private static final String[] DECIMAL = {"m", "", "k", "M", "G", "T", "P", "E"};
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

    private Quantities() {
    }

    /** @param text a valid quantity */
    static String canonical(String text) {
        int end = 0;
        while (end < text.length() && "+-.0123456789".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        String suffix = text.substring(end);
        BigDecimal number = new BigDecimal(text.substring(0, end));
        if (suffix.startsWith("e") || suffix.startsWith("E") && suffix.length() > 1) {
            return exponent(number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))));
        }
        if (suffix.endsWith("i")) {
            return binary(number.multiply(BigDecimal.valueOf(1024).pow("KMGTPE".indexOf(suffix.charAt(0)) + 1)));
        }
        int power = switch (suffix) {
            case "n" -> -9;
            case "u" -> -6;
            case "m" -> -3;
            case "" -> 0;
            default -> 3 * ("kMGTPE".indexOf(suffix) + 1);
        };
        return decimal(number.scaleByPowerOfTen(power));
    }

    private static String decimal(BigDecimal value) {
        BigInteger thousandths = value.scaleByPowerOfTen(3).setScale(0, RoundingMode.UP).toBigInteger();
        return shortest(thousandths, BigInteger.valueOf(1000), DECIMAL);
    }

    private static String binary(BigDecimal value) {
        BigInteger bytes = value.setScale(0, RoundingMode.UP).toBigInteger();
        if (bytes.abs().compareTo(BigInteger.valueOf(1024)) < 0) {
            return decimal(value);
        }
        return shortest(bytes, BigInteger.valueOf(1024), BINARY);
    }

    private static String shortest(BigInteger value, BigInteger step, String[] suffixes) {
        BigInteger left = value;
        int i = 0;
        if (left.signum() == 0) {
            return "0";
        }
        while (i < suffixes.length - 1 && left.mod(step).signum() == 0) {
            left = left.divide(step);
            i++;
        }
        return left + suffixes[i];
    }

    private static String exponent(BigDecimal value) {
        BigInteger thousandths = value.scaleByPowerOfTen(3).setScale(0, RoundingMode.UP).toBigInteger();
        if (thousandths.signum() == 0) {
            return "0";
        }
        int power = -3;
        BigInteger thousand = BigInteger.valueOf(1000);
        while (thousandths.mod(thousand).signum() == 0) {
            thousandths = thousandths.divide(thousand);
            power += 3;
        }
        return power == 0 ? thousandths.toString() : thousandths + "e" + power;
    }
}
