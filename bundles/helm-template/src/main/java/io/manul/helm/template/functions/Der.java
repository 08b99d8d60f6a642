package io.manul.helm.template.functions;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes and reads the little of DER (X.690) that keys and certificates need. */
final class Der {

    private Der() {
    }

    static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] p : parts) {
            body.writeBytes(p);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int n = body.size();
        if (n < 128) {
            out.write(n);
        } else {
            byte[] length = BigInteger.valueOf(n).toByteArray();
            int from = length[0] == 0 ? 1 : 0;
            out.write(0x80 | length.length - from);
            out.write(length, from, length.length - from);
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... parts) {
        return tagged(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return tagged(0x31, parts);
    }

    static byte[] integer(BigInteger i) {
        return tagged(0x02, i.toByteArray());
    }

    static byte[] integer(long i) {
        return integer(BigInteger.valueOf(i));
    }

    static byte[] octets(byte[] data) {
        return tagged(0x04, data);
    }

    static byte[] bits(byte[] data, int unused) {
        return tagged(0x03, new byte[] {(byte) unused}, data);
    }

    /** A PrintableString where its few characters do, else UTF-8. */
    static byte[] text(String text) {
        return tagged(text.matches("[A-Za-z0-9 '()+,./:=?-]*") ? 0x13 : 0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] truth() {
        return tagged(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] none() {
        return new byte[] {5, 0};
    }

    static byte[] oid(String dotted) {
        long[] arcs = Arrays.stream(dotted.split("\\.")).mapToLong(Long::parseLong).toArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((int) (arcs[0] * 40 + arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int size = Math.max(1, (64 - Long.numberOfLeadingZeros(arcs[i]) + 6) / 7);
            for (int j = size - 1; j >= 0; j--) {
                out.write((int) (arcs[i] >> 7 * j & 0x7f) | (j > 0 ? 0x80 : 0));
            }
        }
        return tagged(0x06, out.toByteArray());
    }

    /** The bodies of a sequence's elements, each with its tag in front: {@code [tag, body...]}. */
    static List<byte[]> elements(byte[] sequence) {
        List<byte[]> out = new ArrayList<>();
        int[] at = {0};
        byte[] body = body(sequence, at);
        at[0] = 0;
        while (at[0] < body.length) {
            int tag = body[at[0]];
            byte[] b = body(body, at);
            byte[] e = new byte[b.length + 1];
            e[0] = (byte) tag;
            System.arraycopy(b, 0, e, 1, b.length);
            out.add(e);
        }
        return out;
    }

    private static byte[] body(byte[] data, int[] at) {
        if (at[0] + 2 > data.length) {
            throw new IllegalArgumentException("truncated");
        }
        int n = data[at[0] + 1] & 0xff;
        int from = at[0] + 2;
        if (n >= 0x80) {
            int size = n & 0x7f;
            if (size > 3 || from + size > data.length) {
                throw new IllegalArgumentException("truncated");
            }
            n = new BigInteger(1, Arrays.copyOfRange(data, from, from + size)).intValue();
            from += size;
        }
        if (from + n > data.length) {
            throw new IllegalArgumentException("truncated");
        }
        at[0] = from + n;
        return Arrays.copyOfRange(data, from, from + n);
    }

    static byte[] content(byte[] element) {
        return Arrays.copyOfRange(element, 1, element.length);
    }
}
