package io.manul.network.dns.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A domain name as its labels on the wire (RFC 1035, 3.1), without pointers; equal when they are but for ASCII case. */
public final class Name {

    /** Octets of a whole name, the last zero included. */
    static final int MOST = 255;
    private static final int MOST_LABEL = 63;
    public static final Name ROOT = new Name(new byte[] {0});

    private final byte[] wire;

    /** @param wire not copied */
    Name(byte[] wire) {
        this.wire = wire;
    }

    /** @param text labels with dots between, with or without one at the end; no escapes */
    public static Name of(String text) {
        String plain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return plain.isEmpty() ? ROOT : of(List.of(plain.split("\\.", -1)));
    }

    /** @throws IllegalArgumentException when a label is empty or longer than 63, or the name longer than 255 */
    public static Name of(List<String> labels) {
        byte[] out = new byte[MOST];
        int at = 0;
        for (String label : labels) {
            byte[] b = label.getBytes(StandardCharsets.ISO_8859_1);
            if (b.length == 0 || b.length > MOST_LABEL || at + b.length + 2 > MOST) {
                throw new IllegalArgumentException("not a domain name: " + String.join(".", labels));
            }
            out[at++] = (byte) b.length;
            System.arraycopy(b, 0, out, at, b.length);
            at += b.length;
        }
        return new Name(Arrays.copyOf(out, at + 1));
    }

    byte[] wire() {
        return wire;
    }

    /** As the data of a record that is just a name (CNAME, PTR, NS). */
    public byte[] data() {
        return wire.clone();
    }

    /** The labels, leftmost first, in lower case. */
    public List<String> labels() {
        List<String> out = new ArrayList<>();
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            byte[] label = new byte[wire[at]];
            for (int i = 0; i < label.length; i++) {
                label[i] = lower(wire[at + 1 + i]);
            }
            out.add(new String(label, StandardCharsets.ISO_8859_1));
        }
        return out;
    }

    /** This name is the zone's, or below it. */
    public boolean in(Name zone) {
        int from = wire.length - zone.wire.length;
        if (from < 0 || !same(from, zone)) {
            return false;
        }
        int at = 0;
        while (at < from) {
            at += wire[at] + 1;
        }
        return at == from; // at a label's edge
    }

    private boolean same(int from, Name other) {
        for (int i = 0; i < other.wire.length; i++) {
            if (lower(wire[from + i]) != lower(other.wire[i])) {
                return false;
            }
        }
        return true;
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Name n && n.wire.length == wire.length && same(0, n);
    }

    @Override
    public int hashCode() {
        int h = 1;
        for (byte b : wire) {
            h = 31 * h + lower(b);
        }
        return h;
    }

    /** With the dot at its end; what is no letter, digit, hyphen or underscore as in RFC 1035, 5.1: {@code \046}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (String label : labels()) {
            for (char c : label.toCharArray()) {
                if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '*') {
                    out.append(c);
                } else {
                    out.append('\\').append((char) ('0' + c / 100)).append((char) ('0' + c / 10 % 10)).append((char) ('0' + c % 10));
                }
            }
            out.append('.');
        }
        return out.isEmpty() ? "." : out.toString();
    }
}
