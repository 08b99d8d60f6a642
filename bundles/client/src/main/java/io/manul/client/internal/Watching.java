package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One watch stream: its bytes become events, until it ends, breaks, or is closed from another thread. */
final class Watching implements AutoCloseable {

    private static final Duration LONG = Duration.ofMinutes(10);

    /** One event of the API (Kubernetes, "API Concepts", efficient detection of changes). */
    interface Taker {
        void event(Obj event) throws ClusterException;
    }

    private final Loopback.Stream stream;
    private final String target;
    private final Optional<Duration> silence;

    private Watching(Loopback.Stream stream, String target, Optional<Duration> silence) {
        this.stream = stream;
        this.target = target;
        this.silence = silence;
    }

    static Watching open(Requests requests, String target, String accept) throws IOException, InterruptedException {
        return new Watching(requests.transport().open(target, requests.headers("", accept)), target, requests.transport().silence());
    }

    /** Blocks without waking while nothing happens. @return how many events came */
    long run(Taker taker) throws ClusterException, IOException, InterruptedException {
        if (stream.status() != 200) {
            throw Requests.refusal(stream.status(), stream.next(Duration.ofSeconds(5)).orElse(new byte[0]), target);
        }
        Lines lines = new Lines();
        long events = 0;
        while (!stream.ended()) {
            Optional<byte[]> chunk = stream.next(silence.orElse(LONG));
            if (chunk.isEmpty() && silence.isPresent() && !stream.ended()) {
                throw new IOException("nothing came for " + silence.get().toSeconds() + " s");
            }
            if (chunk.isPresent()) {
                for (byte[] line : lines.add(chunk.get())) {
                    taker.event(Obj.parse(line));
                    events++;
                }
            }
        }
        return events;
    }

    @Override
    public void close() {
        stream.close();
    }
}
