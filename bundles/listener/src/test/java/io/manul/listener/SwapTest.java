package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.gate.Gate;
import io.manul.api.http.Handler;
import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Open streams and calls on every kind of connection see nothing of a swap. */
@Timeout(120)
class SwapTest {

    private static final int SWAPS = 500;
    private static final Peer.Internal SOMEBODY = new Peer.Internal("system:someone", List.of(), "test");

    @Test
    void fiveHundredSwapsLoseNothing() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        int moved;
        try (Bench bench = new Bench().serve(new Numbers("0"));
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpClient h1 = bench.client(HttpClient.Version.HTTP_1_1);
            HttpClient h2 = bench.client(HttpClient.Version.HTTP_2);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                // the last of each kind is as fast as its reader, so that versions change while a writer waits
                String target = i < 6 ? "/slow?n=1500" : "/count?pad=100&n=100000";
                all.add(pool.submit(() -> counted(bench, h1, target)));
                all.add(pool.submit(() -> counted(bench, h2, target)));
                all.add(pool.submit(() -> inside(bench, target)));
            }
            List<Future<?>> callers = new ArrayList<>();
            for (HttpClient client : List.of(h1, h2)) {
                callers.add(pool.submit(() -> {
                    while (!stop.get()) {
                        assertEquals(200, client.send(bench.request("/").build(), BodyHandlers.ofString()).statusCode());
                        calls.incrementAndGet();
                    }
                    return null;
                }));
            }
            callers.add(pool.submit(() -> {
                while (!stop.get()) {
                    assertEquals(200, bench.loopback().call("apiserver", get("/")).status());
                    calls.incrementAndGet();
                }
                return null;
            }));
            try {
                moved = swaps(bench);
                for (Future<?> stream : all) {
                    stream.get();
                }
            } finally {
                stop.set(true);
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        assertTrue(moved > SWAPS, "streams were open while versions changed: moved " + moved);
        assertTrue(calls.get() > 100, "calls " + calls);
    }

    private static int swaps(Bench bench) throws InterruptedException {
        int moved = 0;
        for (int i = 1; i <= SWAPS; i++) {
            Gate.Slot<Handler> old = bench.gate("apiserver").flip(new Numbers("" + i), "" + i).orElseThrow();
            bench.streams().fallback("apiserver", old);
            Thread.sleep(1);
            moved += bench.streams().move(old);
            bench.streams().fallback("apiserver", null);
            assertTrue(old.drain(Duration.ofSeconds(5)), "version " + (i - 1) + " has " + old.active() + " calls left");
            assertEquals(0, old.failed());
        }
        return moved;
    }

    private static Void counted(Bench bench, HttpClient client, String target) throws Exception {
        check(client.send(bench.request(target).build(), BodyHandlers.ofLines()).body(), target);
        return null;
    }

    private static void check(Stream<String> lines, String target) {
        StreamsTest.assertCounts(lines.map(l -> l.replace("x", "")), Integer.parseInt(target.substring(target.indexOf("n=") + 2)));
    }

    private static Void inside(Bench bench, String target) throws Exception {
        try (Loopback.Stream stream = bench.loopback().open("apiserver", get(target))) {
            List<String> lines = new ArrayList<>();
            while (!stream.ended()) {
                stream.next(Duration.ofSeconds(10)).ifPresent(chunk -> lines.add(new String(chunk).strip()));
            }
            check(lines.stream(), target);
        }
        return null;
    }

    static Loopback.Request get(String target) {
        return new Loopback.Request("GET", target, Map.of(), new byte[0], SOMEBODY);
    }
}
