package io.manul.apiserver.engine.sub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The chunked transfer coding (RFC 9112, 7.1). */
final class Chunked extends FilterInputStream {

    private static final int MOST_LINE_BYTES = 4096;

    /** Of the chunk; -1 before its size was read. */
    private long left = -1;
    private boolean over;

    Chunked(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (over) {
            return -1;
        }
        if (left < 0) {
            left = size(HttpRequest1.line(in, MOST_LINE_BYTES));
        }
        if (left == 0) {
            while (!HttpRequest1.line(in, MOST_LINE_BYTES).isEmpty()) {
                // trailers
            }
            over = true;
            return -1;
        }
        int n = in.read(buffer, from, (int) Math.min(length, left));
        if (n < 0) {
            throw new IOException("the answer ended in a chunk");
        }
        left -= n;
        if (left == 0) {
            if (!HttpRequest1.line(in, MOST_LINE_BYTES).isEmpty()) {
                throw new IOException("malformed chunk in the answer");
            }
            left = -1;
        }
        return n;
    }

    private static long size(String line) throws IOException {
        String size = line.split(";", 2)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new IOException("malformed chunk size in the answer");
        }
        return Long.parseLong(size, 16);
    }
}
