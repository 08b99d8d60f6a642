package io.manul.controllers.testing;

import io.manul.api.http.ClientGone;
import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One request of this JVM at a handler, and its answer, whole or streamed. Does not imitate: swaps, splices. */
final class Call implements Exchange, ResumableStream, Loopback.Stream {

    private static final byte[] END = new byte[0];

    private final Loopback.Request request;
    private final Map<String, Handler> rooms;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private Thread thread;
    private volatile boolean streaming;
    private volatile boolean gone;
    private volatile boolean idling;
    private volatile boolean ended;
    private volatile int status;
    private volatile Map<String, String> answerHeaders = Map.of();
    private volatile String failure = "";

    /** @param rooms who answers what is forwarded */
    Call(Loopback.Request request, Map<String, Handler> rooms) {
        this.request = request;
        this.rooms = rooms;
        request.headers().forEach((k, v) -> headers.put(k, List.of(v)));
    }

    Call start(Handler handler) {
        thread = Thread.ofVirtual().name("api " + request.method() + " " + request.target()).start(() -> {
            try {
                handler.handle(this);
            } catch (ClientGone | InterruptedException e) {
                failure = "client gone";
            } catch (Exception e) {
                failure = e.toString();
            } finally {
                finish();
            }
        });
        return this;
    }

    private void finish() {
        if (status == 0) {
            reply(500, Map.of(), failure.getBytes(StandardCharsets.UTF_8));
        }
        chunks.add(END);
    }

    Loopback.Response whole() throws InterruptedException, IOException {
        begun.await();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!ended) {
            next(Duration.ofSeconds(30)).ifPresent(all::writeBytes);
        }
        return new Loopback.Response(status, answerHeaders, all.toByteArray());
    }

    Call begun() throws InterruptedException {
        begun.await();
        return this;
    }

    // ---- the request

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return decode(request.target().split("\\?", 2)[0].replace("+", "%2B"));
    }

    @Override
    public Map<String, List<String>> query() {
        Map<String, List<String>> out = new LinkedHashMap<>();
        String[] parts = request.target().split("\\?", 2);
        if (parts.length == 2) {
            for (String pair : parts[1].split("&")) {
                String[] kv = pair.split("=", 2);
                out.computeIfAbsent(decode(kv[0]), k -> new ArrayList<>()).add(kv.length > 1 ? decode(kv[1]) : "");
            }
        }
        return out;
    }

    private static String decode(String s) {
        return URLDecoder.decode(s, StandardCharsets.UTF_8);
    }

    @Override
    public String target() {
        return request.target();
    }

    @Override
    public Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public byte[] body() {
        return request.body();
    }

    @Override
    public Peer peer() {
        return request.as();
    }

    @Override
    public boolean upgrade() {
        return false;
    }

    // ---- the answer

    @Override
    public void reply(int code, Map<String, String> replied, byte[] body) {
        answerHeaders = Map.copyOf(replied);
        status = code;
        if (body.length > 0) {
            chunks.add(body);
        }
        begun.countDown();
    }

    @Override
    public ResumableStream stream(int code, Map<String, String> replied) {
        answerHeaders = Map.copyOf(replied);
        status = code;
        streaming = true;
        begun.countDown();
        return this;
    }

    @Override
    public void splice(SocketAddress address, String target) {
        throw new IllegalStateException("no connection to join inside this JVM");
    }

    @Override
    public void forward(String room, String target, Peer.Internal as) {
        if (!rooms.containsKey(room)) {
            throw new IllegalStateException("no room " + room + " here");
        }
        try {
            Loopback.Response r = new Call(new Loopback.Request(request.method(), target, request.headers(), request.body(), as), rooms)
                    .start(rooms.get(room)).whole();
            reply(r.status(), r.headers(), r.body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void touched() {
        // nothing is run again here
    }

    @Override
    public Optional<String> cursor() {
        return Optional.empty();
    }

    @Override
    public void emit(byte[] chunk, String cursor) throws ClientGone {
        if (gone) {
            throw new ClientGone();
        }
        if (chunk.length > 0) {
            chunks.add(chunk);
        }
    }

    @Override
    public <T> T idle(Callable<T> wait) throws Exception {
        synchronized (this) {
            if (gone) {
                throw new ClientGone();
            }
            idling = true;
        }
        try {
            return wait.call();
        } catch (InterruptedException e) {
            throw gone ? new ClientGone() : e;
        } finally {
            synchronized (this) {
                idling = false;
            }
        }
    }

    @Override
    public void end() {
        // the handler returns, and with it the stream ends
    }

    // ---- the reader's side

    @Override
    public int status() {
        return status;
    }

    @Override
    public Optional<byte[]> next(Duration wait) throws IOException, InterruptedException {
        byte[] chunk = chunks.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (chunk == END) {
            ended = true;
            if (streaming && !failure.isEmpty() && !gone) {
                throw new IOException(failure);
            }
            return Optional.empty();
        }
        return Optional.ofNullable(chunk);
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public synchronized void close() {
        gone = true;
        if (idling) {
            thread.interrupt();
        }
        chunks.add(END);
    }
}
