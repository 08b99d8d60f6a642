package io.manul.controllers.autoscale.horizontal;

/** Thousandths as a quantity in its canonical form (API reference, "Quantity"). Pure. */
final class Amounts {

    private static final String[] DECIMAL = {"m", "", "k", "M", "G", "T", "P", "E"};
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

    private Amounts() {
    }

    static String decimal(long millis) {
        int i = 0;
        long n = millis;
        while (i < DECIMAL.length - 1 && n % 1000 == 0 && n != 0) {
            n /= 1000;
            i++;
        }
        return n == 0 ? "0" : n + DECIMAL[i];
    }

    /** Memory in powers of 1024, where that loses nothing. */
    static String binary(long millis) {
        long whole = millis / 1000;
        if (millis % 1000 != 0 || Math.abs(whole) < 1024) {
            return decimal(millis);
        }
        int i = 0;
        while (i < BINARY.length - 1 && whole % 1024 == 0) {
            whole /= 1024;
            i++;
        }
        return whole + BINARY[i];
    }

    static String of(String resource, long millis) {
        return resource.equals("memory") ? binary(millis) : decimal(millis);
    }
}
