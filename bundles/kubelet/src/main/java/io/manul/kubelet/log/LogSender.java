package io.manul.kubelet.log;

import io.manul.api.http.ClientGone;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Sends a container's log and follows it, over rotations, until the container has ended. Each chunk goes out with the cursor
 * behind it, so another version goes on exactly there. On the thread of its exchange.
 */
public final class LogSender {

    private static final int BLOCK = 64 << 10;
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** Pauses between two questions whether the container runs still. */
    private static final int PAUSES = 10;

    private final LogFiles files;
    private final LogRequest request;
    private final Callable<Boolean> running;
    private LogCursor cursor;
    private Instant since;

    /** @param file that the container writes @param container its id @param running whether it runs still */
    public LogSender(Path file, String container, LogRequest request, Callable<Boolean> running) {
        this.files = new LogFiles(file);
        this.request = request;
        this.running = running;
        this.since = request.since();
        this.cursor = new LogCursor(container, -1, 0, request.limit(), false);
    }

    /** The container of a cursor, which is the one to go on with. */
    public static Optional<String> container(String cursor) {
        return LogCursor.parse(cursor).map(LogCursor::container);
    }

    public void send(ResumableStream stream) throws Exception {
        Optional<Path> file = begin(stream.cursor());
        while (file.isPresent()) {
            boolean more = one(file.get(), stream);
            file = more ? files.after(cursor.inode()) : Optional.empty();
        }
        stream.end();
    }

    private Optional<Path> begin(Optional<String> before) throws IOException {
        Optional<LogCursor> resumed = before.flatMap(LogCursor::parse);
        if (resumed.isPresent()) {
            cursor = resumed.get();
            since = Instant.MIN; // the lines that were too old are behind it
            return files.byInode(cursor.inode()).or(() -> Optional.of(files.current()));
        }
        return Optional.of(files.current());
    }

    /** One file from the cursor on. @return true when the next file follows */
    private boolean one(Path path, ResumableStream stream) throws Exception {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long inode = LogFiles.inode(path);
            if (cursor.inode() < 0 && request.tail() >= 0) {
                cursor = cursor.at(inode, LogTail.offset(file, request.tail()));
            } else if (cursor.inode() != inode) {
                cursor = cursor.at(inode, 0);
            }
            int quiet = 0;
            for (;;) {
                boolean some = pump(file, stream);
                if (cursor.left() == 0) {
                    return false;
                }
                if (some) {
                    quiet = 0;
                    continue;
                }
                if (!request.follow()) {
                    return false;
                }
                boolean rotated = files.replaced(inode);
                boolean over = ++quiet % PAUSES == 0 && !rotated && !stream.idle(running);
                if (!over) {
                    stream.idle(() -> {
                        Thread.sleep(PAUSE);
                        return null;
                    });
                }
                // what was written between the last look at the file and the news
                if ((rotated || over) && !pump(file, stream)) {
                    return rotated;
                }
            }
        }
    }

    /** Sends the whole lines that one block holds. @return false when there was none */
    private boolean pump(FileChannel file, ResumableStream stream) throws IOException, Superseded, ClientGone, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
        int n = file.read(buffer, cursor.offset());
        int end = n <= 0 ? -1 : lastLineFeed(buffer.array(), n);
        if (end < 0) {
            if (n < BLOCK) {
                return false;
            }
            end = BLOCK - 1; // no runtime writes such a line: the file is damaged, pass over it
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(BLOCK);
        LogCursor next = format(buffer.array(), end + 1, out);
        if (out.size() > 0) {
            stream.emit(out.toByteArray(), next.toString());
        }
        cursor = next;
        return true;
    }

    private static int lastLineFeed(byte[] block, int length) {
        int i = length - 1;
        while (i >= 0 && block[i] != '\n') {
            i--;
        }
        return i;
    }

    private LogCursor format(byte[] block, int length, ByteArrayOutputStream out) {
        boolean inside = cursor.inside();
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                Optional<LogLine> line = LogLine.parse(Arrays.copyOfRange(block, from, i));
                from = i + 1;
                if (line.isPresent() && (since == Instant.MIN || !line.get().instant().isBefore(since))) {
                    write(line.get(), inside, out);
                    inside = !line.get().whole();
                }
            }
        }
        long left = cursor.left();
        if (left >= 0 && out.size() >= left) {
            byte[] most = Arrays.copyOf(out.toByteArray(), (int) left);
            out.reset();
            out.writeBytes(most);
            left = 0;
        } else if (left >= 0) {
            left -= out.size();
        }
        return new LogCursor(cursor.container(), cursor.inode(), cursor.offset() + length, left, inside);
    }

    private void write(LogLine line, boolean inside, ByteArrayOutputStream out) {
        if (request.timestamps() && !inside) {
            out.writeBytes(line.time().getBytes(StandardCharsets.US_ASCII));
            out.write(' ');
        }
        out.writeBytes(line.text());
        if (line.whole()) {
            out.write('\n');
        }
    }
}
