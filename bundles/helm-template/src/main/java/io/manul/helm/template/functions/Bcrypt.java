package io.manul.helm.template.functions;

import java.math.BigInteger;

/** bcrypt (Provos and Mazières, 1999), version 2a. Blowfish's tables are the digits of pi, reckoned when first needed. */
final class Bcrypt {

    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int WORDS = 18 + 4 * 256;

    private final int[] p = new int[18];
    private final int[] s = new int[1024];

    private Bcrypt() {
        int[] pi = pi();
        System.arraycopy(pi, 0, p, 0, 18);
        System.arraycopy(pi, 18, s, 0, 1024);
    }

    /** The fraction of pi, by Machin's formula: 16 arctan(1/5) - 4 arctan(1/239). */
    private static int[] pi() {
        int bits = WORDS * 32 + 64;
        BigInteger pi = arctan(5, bits).shiftLeft(4).subtract(arctan(239, bits).shiftLeft(2));
        BigInteger fraction = pi.subtract(BigInteger.valueOf(3).shiftLeft(bits)).shiftRight(64);
        int[] words = new int[WORDS];
        for (int i = WORDS - 1; i >= 0; i--) {
            words[i] = fraction.intValue();
            fraction = fraction.shiftRight(32);
        }
        return words;
    }

    private static BigInteger arctan(int inverse, int bits) {
        BigInteger term = BigInteger.ONE.shiftLeft(bits).divide(BigInteger.valueOf(inverse));
        BigInteger square = BigInteger.valueOf((long) inverse * inverse);
        BigInteger sum = term;
        for (int k = 3; term.signum() != 0; k += 2) {
            term = term.divide(square).negate();
            sum = sum.add(term.divide(BigInteger.valueOf(k)));
        }
        return sum;
    }

    static String hash(byte[] password, byte[] salt, int cost) {
        byte[] key = java.util.Arrays.copyOf(password, password.length + 1);
        Bcrypt b = new Bcrypt();
        b.expand(key, salt);
        for (int i = 0; i < 1 << cost; i++) {
            b.expand(key, null);
            b.expand(salt, null);
        }
        byte[] text = "OrpheanBeholderScryDoubt".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int[] words = new int[6];
        int[] at = {0};
        for (int i = 0; i < 6; i++) {
            words[i] = word(text, at);
        }
        for (int i = 0; i < 64; i++) {
            for (int j = 0; j < 6; j += 2) {
                b.encrypt(words, j);
            }
        }
        byte[] out = new byte[24];
        for (int i = 0; i < 24; i++) {
            out[i] = (byte) (words[i / 4] >>> 24 - 8 * (i % 4));
        }
        return "$2a$" + (cost < 10 ? "0" : "") + cost + "$" + base64(salt, 16) + base64(out, 23);
    }

    private static int word(byte[] data, int[] at) {
        int w = 0;
        for (int i = 0; i < 4; i++) {
            w = w << 8 | data[at[0]] & 0xff;
            at[0] = (at[0] + 1) % data.length;
        }
        return w;
    }

    private void expand(byte[] key, byte[] salt) {
        int[] at = {0};
        for (int i = 0; i < 18; i++) {
            p[i] ^= word(key, at);
        }
        at[0] = 0;
        int[] lr = new int[2];
        fill(p, lr, salt, at);
        fill(s, lr, salt, at);
    }

    private void fill(int[] table, int[] lr, byte[] salt, int[] at) {
        for (int i = 0; i < table.length; i += 2) {
            if (salt != null) {
                lr[0] ^= word(salt, at);
                lr[1] ^= word(salt, at);
            }
            encrypt(lr, 0);
            table[i] = lr[0];
            table[i + 1] = lr[1];
        }
    }

    private void encrypt(int[] lr, int at) {
        int l = lr[at] ^ p[0];
        int r = lr[at + 1];
        for (int i = 1; i <= 16; i += 2) {
            r ^= round(l) ^ p[i];
            l ^= round(r) ^ p[i + 1];
        }
        lr[at] = r ^ p[17];
        lr[at + 1] = l;
    }

    private int round(int x) {
        return (s[x >>> 24] + s[256 + (x >>> 16 & 0xff)] ^ s[512 + (x >>> 8 & 0xff)]) + s[768 + (x & 0xff)];
    }

    private static String base64(byte[] data, int n) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < n; i += 3) {
            int v = (data[i] & 0xff) << 16 | (i + 1 < n ? (data[i + 1] & 0xff) << 8 : 0) | (i + 2 < n ? data[i + 2] & 0xff : 0);
            for (int j = 0; j < Math.min(4, (n - i) * 8 / 6 + 1); j++) {
                b.append(ALPHABET.charAt(v >>> 18 - 6 * j & 63));
            }
        }
        return b.toString();
    }
}
