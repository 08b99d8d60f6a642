package io.manul.client.internal;

import io.manul.api.http.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Over HTTPS, HTTP/2 where the server has it. */
final class HttpsTransport implements Transport {

    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);
    /** Bookmarks come about every minute; a peer that vanished sends nothing, and TCP alone would not tell for hours. */
    static final Duration SILENCE = Duration.ofSeconds(150);

    private final HttpClient client;
    private final URI server;
    private final Optional<String> token;

    HttpsTransport(HttpClient client, URI server, Optional<String> token) {
        this.client = client;
        this.server = server;
        this.token = token;
    }

    private HttpRequest.Builder request(String target, Map<String, String> headers) {
        HttpRequest.Builder b = HttpRequest.newBuilder(server.resolve(target));
        headers.forEach(b::header);
        token.ifPresent(t -> b.header("authorization", "Bearer " + t));
        return b;
    }

    @Override
    public Loopback.Response call(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> r = client.send(request(target, headers).timeout(CALL_LIMIT)
                .method(method, body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return new Loopback.Response(r.statusCode(), first(r), r.body());
    }

    private static Map<String, String> first(HttpResponse<?> r) {
        Map<String, String> headers = new HashMap<>();
        r.headers().map().forEach((k, v) -> headers.put(k, v.getFirst()));
        return headers;
    }

    @Override
    public Loopback.Stream open(String target, Map<String, String> headers) throws IOException, InterruptedException {
        HttpResponse<InputStream> r = client.send(request(target, headers).timeout(CALL_LIMIT).build(), HttpResponse.BodyHandlers.ofInputStream());
        return new Reading(r.statusCode(), r.body());
    }

    @Override
    public Optional<Duration> silence() {
        return Optional.of(SILENCE);
    }

    /** Reads the body on a virtual thread of its own, so that a reader can wait with a limit. */
    private static final class Reading implements Loopback.Stream {
        private static final byte[] END = new byte[0];
        private final int status;
        private final InputStream body;
        private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>(64);
        private final Thread reader;
        private volatile IOException broken;
        private boolean ended;

        Reading(int status, InputStream body) {
            this.status = status;
            this.body = body;
            this.reader = Thread.ofVirtual().name("watch-reader").start(this::read);
        }

        private void read() {
            byte[] buffer = new byte[16 << 10];
            try {
                for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                    chunks.put(Arrays.copyOf(buffer, n));
                }
                chunks.put(END);
            } catch (IOException e) {
                broken = e;
                end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed by the reader: nobody waits for the end
            }
        }

        private void end() {
            try {
                chunks.put(END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public Optional<byte[]> next(Duration wait) throws IOException, InterruptedException {
            byte[] chunk = ended ? null : chunks.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (chunk == END) {
                ended = true;
                if (broken != null) {
                    throw broken;
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
        public void close() {
            reader.interrupt();
            try {
                body.close();
            } catch (IOException e) {
                ended = true; // closed by the other side already
            }
        }
    }
}
