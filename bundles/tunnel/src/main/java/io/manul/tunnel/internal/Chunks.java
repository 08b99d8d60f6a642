package io.manul.tunnel.internal;

import io.manul.tunnel.Head;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer, as its head frames it: by length, in chunks, or to the end of the connection (RFC 9112 section 6). */
final class Chunks extends InputStream {

    private final InputStream in;
    private final boolean chunked;
    /** Bytes left of the body, or of this chunk; negative: to the end. */
    private long left;
    private boolean ended;

    Chunks(InputStream in, Head head, boolean none) throws IOException {
        this.in = in;
        this.chunked = head.headers().getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked");
        String length = head.headers().getOrDefault("content-length", "");
        if (!length.isEmpty() && !length.matches("[0-9]{1,15}")) {
            throw new IOException("content-length " + length);
        }
        left = none ? 0 : chunked ? 0 : length.isEmpty() ? -1 : Long.parseLong(length);
        ended = none || !chunked && left == 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int most) throws IOException {
        if (!ended && chunked && left == 0) {
            left = size();
            ended = left == 0;
        }
        if (ended) {
            return -1;
        }
        int n = in.read(to, from, left < 0 ? most : (int) Math.min(most, left));
        if (n < 0) {
            ended = true;
            if (left >= 0) {
                throw new EOFException("the answer broke off");
            }
            return -1;
        }
        if (left > 0) {
            left -= n;
            if (left == 0 && chunked) {
                line();
            }
            ended = left == 0 && !chunked;
        }
        return n;
    }

    private long size() throws IOException {
        String text = line().replaceFirst(";.*", "").strip();
        if (!text.matches("[0-9A-Fa-f]{1,8}")) {
            throw new IOException("a chunk of length \"" + text + "\"");
        }
        return Long.parseLong(text, 16);
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || text.length() > 256) {
                throw new EOFException("the answer broke off");
            }
            text.append((char) b);
        }
        return text.toString().strip();
    }
}
