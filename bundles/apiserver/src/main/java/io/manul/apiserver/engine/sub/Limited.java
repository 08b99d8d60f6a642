package io.manul.apiserver.engine.sub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** As many bytes as content-length says; fewer are an error. */
final class Limited extends FilterInputStream {

    private long left;

    Limited(InputStream in, long length) {
        super(in);
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = in.read(buffer, from, (int) Math.min(length, left));
        if (n < 0) {
            throw new IOException("the answer ended " + left + " bytes early");
        }
        left -= n;
        return n;
    }
}
