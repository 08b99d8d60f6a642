package io.manul.listener;

import io.manul.api.http.Loopback;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;

/**
 * An answer to a caller inside this JVM: chunks in a bounded queue, as they were emitted. Everything is guarded by this
 * object's monitor.
 */
final class LoopbackOutlet extends Outlet implements Loopback.Stream {

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_CHUNKS = 256;

    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private Runnable onClose = () -> { };
    private int bytes;
    private int status;
    private Map<String, String> headers = Map.of();
    private boolean ended;
    private boolean closed;
    private Optional<String> broken = Optional.empty();

    // ---- the handler's side, under the call's monitor

    @Override
    synchronized void whole(int code, Map<String, String> head, byte[] body) {
        begin(code, head);
        write(body);
        end();
    }

    @Override
    synchronized void begin(int code, Map<String, String> head) {
        status = code;
        headers = Map.copyOf(head);
        notifyAll();
    }

    @Override
    synchronized void write(byte[] chunk) {
        if (chunk.length > 0 && !closed) {
            chunks.add(chunk);
            bytes += chunk.length;
            notifyAll();
        }
    }

    @Override
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    synchronized void abort(String why) {
        broken = Optional.of(why);
        notifyAll();
    }

    @Override
    synchronized void drop() {
        closed = true;
        chunks.clear();
        bytes = 0;
        notifyAll();
    }

    @Override
    synchronized boolean full() {
        return bytes >= MAX_BYTES || chunks.size() >= MAX_CHUNKS;
    }

    // ---- the caller's side

    void onClose(Runnable run) {
        onClose = run;
    }

    synchronized void awaitBegun() throws IOException, InterruptedException {
        while (status == 0) {
            check();
            wait();
        }
    }

    synchronized Map<String, String> headers() {
        return headers;
    }

    @Override
    public synchronized int status() {
        return status;
    }

    @Override
    public Optional<byte[]> next(Duration wait) throws IOException, InterruptedException {
        Optional<byte[]> chunk = poll(wait);
        if (chunk.isPresent()) {
            tellRoom();
        }
        return chunk;
    }

    private synchronized Optional<byte[]> poll(Duration wait) throws IOException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (chunks.isEmpty() && !ended) {
            check();
            long left = end - System.nanoTime();
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        byte[] chunk = chunks.poll();
        if (chunk == null) {
            return Optional.empty();
        }
        bytes -= chunk.length;
        return Optional.of(chunk);
    }

    private void check() throws IOException {
        if (broken.isPresent()) {
            throw new IOException("the stream broke: " + broken.get());
        }
        if (closed) {
            throw new IOException("the stream is closed");
        }
    }

    @Override
    public synchronized boolean ended() {
        return ended && chunks.isEmpty();
    }

    @Override
    public void close() {
        onClose.run();
        drop();
    }
}
