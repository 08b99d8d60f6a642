package io.manul.helm.template.functions;

import io.manul.helm.template.go.Text;
import java.io.ByteArrayOutputStream;

/** Base64 and base32 as Go decodes them: an error is the result's text. */
final class Bases {

    private static final String B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final String B32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Bases() {
    }

    static String base64(String text) {
        return decode(text, B64, 4, 6, "base64");
    }

    static String base32(String text) {
        return decode(text, B32, 8, 5, "base32");
    }

    private static String decode(String text, String alphabet, int group, int bits, String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] quantum = new int[group];
        int n = 0;
        int i = 0;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                continue;
            }
            if (c == '=') {
                return padded(text, out, quantum, n, i, group, bits, name);
            }
            int v = alphabet.indexOf(c);
            if (v < 0) {
                return illegal(name, text, i);
            }
            quantum[n++] = v;
            if (n == group) {
                flush(out, quantum, n, bits);
                n = 0;
            }
        }
        if (n > 0) {
            return illegal(name, text, name.equals("base64") ? i - n : i - n);
        }
        return Text.of(out.toByteArray());
    }

    private static String padded(String text, ByteArrayOutputStream out, int[] quantum, int n, int at, int group, int bits, String name) {
        boolean fits = group == 4 ? n == 2 || n == 3 : n == 2 || n == 4 || n == 5 || n == 7;
        if (!fits) {
            return illegal(name, text, at);
        }
        int missing = group - n;
        int i = at;
        for (; i < text.length() && missing > 0; i++) {
            char c = text.charAt(i);
            if (c == '=') {
                missing--;
            } else if (c != '\n' && c != '\r') {
                return illegal(name, text, i);
            }
        }
        if (missing > 0) {
            return illegal(name, text, text.length());
        }
        for (; i < text.length(); i++) {
            if (text.charAt(i) != '\n' && text.charAt(i) != '\r') {
                return illegal(name, text, i);
            }
        }
        flush(out, quantum, n, bits);
        return Text.of(out.toByteArray());
    }

    private static void flush(ByteArrayOutputStream out, int[] quantum, int n, int bits) {
        long v = 0;
        for (int i = 0; i < quantum.length; i++) {
            v = v << bits | (i < n ? quantum[i] : 0);
        }
        int total = quantum.length * bits / 8;
        for (int i = 0; i < n * bits / 8; i++) {
            out.write((int) (v >>> 8 * (total - 1 - i)));
        }
    }

    private static String illegal(String name, String text, int at) {
        return "illegal " + name + " data at input byte " + Text.length(text.substring(0, at));
    }

    static String toBase32(byte[] data) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < data.length; i += 5) {
            long v = 0;
            int n = Math.min(5, data.length - i);
            for (int j = 0; j < 5; j++) {
                v = v << 8 | (j < n ? data[i + j] & 0xff : 0);
            }
            int chars = (n * 8 + 4) / 5;
            for (int j = 0; j < 8; j++) {
                b.append(j < chars ? B32.charAt((int) (v >>> 35 - 5 * j) & 31) : '=');
            }
        }
        return b.toString();
    }
}
