package io.manul.itests.felix;

import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Four callers that never stop asking a room inside the JVM; every failure is kept. */
final class Requests implements AutoCloseable {

    private static final int CALLERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Loopback loopback;
    private final String room;
    private final List<Thread> callers = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private volatile boolean closing;

    Requests(Loopback loopback, String room) {
        this.loopback = loopback;
        this.room = room;
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(this::ask));
        }
    }

    private void ask() {
        while (!closing) {
            try {
                one();
                answered.incrementAndGet();
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException e) {
                failures.add(e.toString());
            }
        }
    }

    /** One request: what the room answers. */
    String one() throws IOException, InterruptedException {
        Loopback.Response r = loopback.call(room, new Loopback.Request("GET", "/", Map.of(), new byte[0],
                new Peer.Internal("system:admin", List.of("system:masters"), "test")));
        String text = new String(r.body(), StandardCharsets.UTF_8);
        if (r.status() != 200) {
            throw new IOException(r.status() + " " + text);
        }
        return text;
    }

    List<String> failures() {
        return failures;
    }

    long answered() {
        return answered.get();
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        for (Thread caller : callers) {
            caller.join(Duration.ofSeconds(10));
        }
    }
}
