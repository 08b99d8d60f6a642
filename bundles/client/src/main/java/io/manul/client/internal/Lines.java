package io.manul.client.internal;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Splits a stream of chunks into lines; a chunk may hold several lines or a part of one. Not thread-safe. */
final class Lines {

    private static final int MOST_BYTES = 16 << 20;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    /** @return the lines that this chunk completes, without their ends */
    List<byte[]> add(byte[] chunk) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                if (rest.size() > 0) {
                    rest.write(chunk, from, i - from);
                    lines.add(rest.toByteArray());
                    rest.reset();
                } else if (i > from) {
                    lines.add(Arrays.copyOfRange(chunk, from, i));
                }
                from = i + 1;
            }
        }
        rest.write(chunk, from, chunk.length - from);
        if (rest.size() > MOST_BYTES) {
            throw new IllegalStateException("a watch event is longer than " + MOST_BYTES + " bytes");
        }
        return lines;
    }
}
