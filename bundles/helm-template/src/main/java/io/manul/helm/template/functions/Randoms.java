package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.number;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Int;
import io.manul.helm.template.lang.Limits;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** What is another thing each time. */
final class Randoms {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";

    private Randoms() {
    }

    static void add(Table t, RandomGenerator random) {
        StringBuilder ascii = new StringBuilder();
        for (char c = ' '; c < 0x7f; c++) {
            ascii.append(c);
        }
        t.add("randAlphaNum", "int", a -> text(random, LETTERS + DIGITS, number(a, 0)));
        t.add("randAlpha", "int", a -> text(random, LETTERS, number(a, 0)));
        t.add("randNumeric", "int", a -> text(random, DIGITS, number(a, 0)));
        t.add("randAscii", "int", a -> text(random, ascii.toString(), number(a, 0)));
        t.add("randInt", "int,int", a -> {
            if (number(a, 1) <= number(a, 0)) {
                throw new GoError("invalid argument to Intn");
            }
            return Int.of(random.nextLong(number(a, 0), number(a, 1)));
        });
        t.add("randBytes", "int", a -> {
            if (number(a, 0) < 0) {
                throw new GoError("runtime error: makeslice: len out of range");
            }
            Limits.size(number(a, 0));
            byte[] b = new byte[(int) number(a, 0)];
            random.nextBytes(b);
            return Base64.getEncoder().encodeToString(b);
        });
        t.add("shuffle", "string", a -> {
            int[] c = ((String) a[0]).codePoints().toArray();
            for (int i = c.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int x = c[i];
                c[i] = c[j];
                c[j] = x;
            }
            return new String(c, 0, c.length);
        });
        t.add("uuidv4", "", a -> uuid(random));
    }

    private static String text(RandomGenerator random, String from, long n) {
        Limits.size(Math.max(0, n));
        StringBuilder b = new StringBuilder();
        for (long i = 0; i < n; i++) {
            b.append(from.charAt(random.nextInt(from.length())));
        }
        return b.toString();
    }

    /** RFC 9562, version 4. */
    private static String uuid(RandomGenerator random) {
        long high = random.nextLong() & 0xffffffffffff0fffL | 0x4000;
        long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
        return new java.util.UUID(high, low).toString();
    }
}
