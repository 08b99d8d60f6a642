package io.manul.apiserver.engine;

import io.manul.api.http.ClientGone;
import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A request as the listener would hand it over, and what was answered. */
final class TestExchange implements Exchange, ResumableStream {

    private static final byte[] END = new byte[0];

    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final Peer peer;
    private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
    private volatile String cursor;
    private volatile boolean gone;
    volatile int status;
    volatile Map<String, String> answerHeaders = Map.of();
    volatile byte[] answer = new byte[0];
    volatile String forwarded = "";
    volatile boolean touched;

    TestExchange(String method, String target, Map<String, String> headers, byte[] body, Peer peer) {
        this(method, target, headers, body, peer, null);
    }

    /** @param cursor where another version left the stream; null for a new one */
    TestExchange(String method, String target, Map<String, String> headers, byte[] body, Peer peer, String cursor) {
        this.method = method;
        this.target = target;
        this.headers = new LinkedHashMap<>();
        headers.forEach((k, v) -> this.headers.put(k, List.of(v)));
        this.body = body;
        this.peer = peer;
        this.cursor = cursor;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return decode(target.split("\\?", 2)[0].replace("+", "%2B"));
    }

    @Override
    public Map<String, List<String>> query() {
        Map<String, List<String>> out = new LinkedHashMap<>();
        String[] parts = target.split("\\?", 2);
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
        return target;
    }

    @Override
    public Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public void reply(int status, Map<String, String> headers, byte[] body) {
        if (this.status != 0) {
            throw new IllegalStateException("answered twice");
        }
        this.answerHeaders = headers;
        this.answer = body;
        this.status = status;
    }

    @Override
    public ResumableStream stream(int status, Map<String, String> headers) {
        this.status = status;
        this.answerHeaders = headers;
        return this;
    }

    @Override
    public void splice(SocketAddress address, String target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forward(String room, String target, Peer.Internal as) {
        this.forwarded = room + " " + target + " as " + as.user();
        this.status = 299;
    }

    @Override
    public void touched() {
        touched = true;
    }

    @Override
    public boolean upgrade() {
        return headers.containsKey("upgrade");
    }

    // ---- the stream

    @Override
    public Optional<String> cursor() {
        return Optional.ofNullable(cursor);
    }

    @Override
    public void emit(byte[] chunk, String cursor) throws Superseded, ClientGone {
        if (gone) {
            throw new ClientGone();
        }
        this.cursor = cursor;
        if (chunk.length > 0) {
            chunks.add(chunk);
        }
    }

    @Override
    public <T> T idle(Callable<T> wait) throws Exception {
        if (gone) {
            throw new ClientGone();
        }
        return wait.call();
    }

    @Override
    public void end() {
        chunks.add(END);
    }

    /** The client goes away; seen at the next step of the stream. */
    void leave() {
        gone = true;
    }

    /** All chunks of a stream that has ended. */
    byte[] sent() {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** The next chunk; empty text at the end of the stream. */
    String next() throws InterruptedException {
        byte[] chunk = chunks.poll(10, TimeUnit.SECONDS);
        if (chunk == null) {
            throw new AssertionError("no chunk within 10 s, status " + status);
        }
        return new String(chunk, StandardCharsets.UTF_8);
    }
}
