package io.manul.kubelet.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One line of a CRI log: {@code TIME stdout|stderr F|P TEXT}; P: the container's line goes on in the next one of that stream.
 *
 * @param whole the container's line ends here
 */
public record LogLine(String time, boolean stderr, boolean whole, byte[] text) {

    /** @param line without its line feed; empty for what is no log line */
    public static Optional<LogLine> parse(byte[] line) {
        int a = find(line, 0);
        int b = a < 0 ? -1 : find(line, a + 1);
        int c = b < 0 ? -1 : find(line, b + 1);
        if (b < 0) {
            return Optional.empty();
        }
        int tagEnd = c < 0 ? line.length : c;
        String stream = ascii(line, a + 1, b);
        if (!stream.equals("stdout") && !stream.equals("stderr")) {
            return Optional.empty();
        }
        String tag = ascii(line, b + 1, tagEnd);
        boolean partial = tag.equals("P") || tag.startsWith("P:");
        return Optional.of(new LogLine(ascii(line, 0, a), stream.equals("stderr"), !partial,
                c < 0 ? new byte[0] : Arrays.copyOfRange(line, c + 1, line.length)));
    }

    private static int find(byte[] line, int from) {
        for (int i = from; i < line.length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static String ascii(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.US_ASCII);
    }

    /** When it was written; the beginning of time where that cannot be read. */
    public Instant instant() {
        try {
            return java.time.OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.MIN;
        }
    }
}
