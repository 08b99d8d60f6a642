package io.manul.kubelet.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** The end of a log file. */
public final class LogTail {

    private static final int BLOCK = 8192;

    private LogTail() {
    }

    /** Where the last {@code lines} lines of the container begin (a line in pieces is one). */
    public static long offset(FileChannel file, long lines) throws IOException {
        long size = file.size();
        if (lines <= 0) {
            return size;
        }
        long found = 0;
        long lineEnd = size; // exclusive end, with its line feed, of the line looked at
        long best = size;
        long at = size;
        byte[] head = new byte[0];
        while (at > 0) {
            int length = (int) Math.min(BLOCK, at);
            at -= length;
            byte[] block = read(file, at, length);
            for (int i = length - 1; i >= 0; i--) {
                boolean begins = at + i == 0 || i > 0 && block[i - 1] == '\n' || i == 0 && at > 0 && read(file, at - 1, 1)[0] == '\n';
                if (!begins || at + i >= lineEnd) {
                    continue;
                }
                long begin = at + i;
                head = read(file, begin, (int) Math.min(64, lineEnd - begin));
                lineEnd = begin;
                if (whole(head)) {
                    if (found == lines) {
                        return best;
                    }
                    found++;
                }
                best = begin;
            }
        }
        return best;
    }

    private static boolean whole(byte[] head) {
        int end = 0;
        while (end < head.length && head[end] != '\n') {
            end++;
        }
        return LogLine.parse(Arrays.copyOf(head, end)).map(LogLine::whole).orElse(true);
    }

    private static byte[] read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {
            // until full or at the end
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** The text of the last lines, at most so many bytes of it. */
    public static String text(Path path, int lines, int bytes) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long from = Math.max(offset(file, lines), file.size() - 4L * bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (byte[] line : split(read(file, from, (int) Math.min(Integer.MAX_VALUE, file.size() - from)))) {
                LogLine.parse(line).ifPresent(l -> {
                    out.writeBytes(l.text());
                    if (l.whole()) {
                        out.write('\n');
                    }
                });
            }
            byte[] all = out.toByteArray();
            return new String(all, Math.max(0, all.length - bytes), Math.min(all.length, bytes), StandardCharsets.UTF_8);
        }
    }

    private static List<byte[]> split(byte[] text) {
        List<byte[]> out = new java.util.ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                out.add(Arrays.copyOfRange(text, from, i));
                from = i + 1;
            }
        }
        return out;
    }
}
