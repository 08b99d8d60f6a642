package io.manul.client.internal;

import io.manul.api.http.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An API server that says what a test tells it to, in turn, and remembers what it was asked. Knows nothing of Kubernetes. */
final class ScriptedApi implements Loopback {

    private static final byte[] END = new byte[0];
    private static final byte[] BREAK = new byte[0];

    final List<Request> asked = new CopyOnWriteArrayList<>();
    private final Queue<Object> answers = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Script> streams = new LinkedBlockingQueue<>();

    ScriptedApi answer(int status, String body, String... headers) {
        answers.add(new Response(status, headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]), body.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    ScriptedApi unreachable() {
        answers.add(new IOException("connection refused"));
        return this;
    }

    /** The next stream that is opened. */
    Script stream(int status) {
        Script s = new Script(status);
        streams.add(s);
        return s;
    }

    @Override
    public Response call(String room, Request request) throws IOException {
        asked.add(request);
        Object next = answers.poll();
        return switch (next) {
            case IOException e -> throw e;
            case Response r -> r;
            case null, default -> throw new AssertionError("not scripted: " + request.method() + " " + request.target());
        };
    }

    @Override
    public Stream open(String room, Request request) throws IOException, InterruptedException {
        asked.add(request);
        return streams.take();
    }

    String target(int i) {
        return asked.get(i).target();
    }

    /** One stream; what is sent waits until it is read. */
    static final class Script implements Stream {
        private final int status;
        private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
        private volatile boolean ended;
        volatile boolean closed;

        private Script(int status) {
            this.status = status;
        }

        Script send(String chunk) {
            chunks.add(chunk.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Script end() {
            chunks.add(END);
            return this;
        }

        Script breaks() {
            chunks.add(BREAK);
            return this;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public Optional<byte[]> next(Duration wait) throws IOException, InterruptedException {
            byte[] chunk = chunks.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (chunk == BREAK) {
                throw new IOException("broken");
            }
            if (chunk == END) {
                ended = true;
                return Optional.empty();
            }
            return Optional.ofNullable(chunk);
        }

        @Override
        public boolean ended() {
            return ended;
        }

        @Override
        public void close() {
            closed = true;
            chunks.add(END);
        }
    }
}
