package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.gate.Gate;
import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.Loopback;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BadVersionTest {

    private final Numbers good = new Numbers("good");
    private Bench bench;
    private Gate.Slot<Handler> old;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench().serve(good);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private Gate.Slot<Handler> probation(Handler next) {
        old = bench.gate("apiserver").flip(next, "bad").orElseThrow();
        bench.streams().fallback("apiserver", old);
        return bench.gate("apiserver").current().orElseThrow();
    }

    private Gate.Slot<Handler> flipBack() {
        Gate.Slot<Handler> broken = bench.gate("apiserver").flip(old.service(), "good").orElseThrow();
        bench.streams().fallback("apiserver", null);
        bench.streams().move(broken);
        return broken;
    }

    private static Void fails(Exchange x) {
        throw new IllegalStateException("bad version at " + x.path());
    }

    @Test
    void callsThatThrowUntouchedRunAgainOnTheOldVersion() throws Exception {
        Gate.Slot<Handler> bad = probation(BadVersionTest::fails);
        HttpClient client = bench.client(HttpClient.Version.HTTP_2);
        for (int i = 0; i < 10; i++) {
            assertEquals("good", client.send(bench.request("/").build(), BodyHandlers.ofString()).body());
        }
        assertEquals(10, bad.failed());
        assertEquals(0, bad.succeeded());
    }

    @Test
    void aTouchedCallIsNeverRunTwice() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        probation(x -> {
            runs.incrementAndGet();
            x.touched();
            fails(x);
        });
        assertEquals(500, bench.client(HttpClient.Version.HTTP_2).send(bench.request("/").build(),
                BodyHandlers.discarding()).statusCode());
        assertEquals(1, runs.get());
    }

    @Test
    void aStreamThatTheNewVersionBreaksGoesOnInTheOldOne() throws Exception {
        probation(x -> {
            for (int i = 1; i <= 3; i++) {
                x.stream(200, Bench.TEXT).emit((i + "\n").getBytes(), "" + i);
            }
            fails(x);
        });
        StreamsTest.assertCounts(bench.client(HttpClient.Version.HTTP_2).send(bench.request("/count?n=100").build(),
                BodyHandlers.ofLines()).body(), 100);
    }

    @Test
    void streamsAreNotLeftInASlotThatWasFlippedBackTo() throws Exception {
        List<Loopback.Stream> open = new ArrayList<>();
        open.add(bench.loopback().open("apiserver", SwapTest.get("/wait")));
        probation(BadVersionTest::fails);
        open.add(bench.loopback().open("apiserver", SwapTest.get("/wait")));
        Gate.Slot<Handler> broken = flipBack();
        assertTrue(broken.drain(Duration.ofSeconds(5)));
        assertTrue(old.drain(Duration.ofSeconds(5)), "streams in the retired slot: " + old.active());
        Gate.Slot<Handler> again = bench.gate("apiserver").current().orElseThrow();
        Numbers next = new Numbers("next");
        bench.serve(next);
        assertEquals(2, bench.streams().move(again));
        assertTrue(again.drain(Duration.ofSeconds(5)));
        assertEquals(4, good.superseded.get());
        for (Loopback.Stream stream : open) {
            assertEquals("begun\n", new String(stream.next(Duration.ofSeconds(5)).orElseThrow()));
            stream.close();
        }
        assertTrue(next.gone.tryAcquire(2, 10, java.util.concurrent.TimeUnit.SECONDS));
    }

    @Test
    void callsThatHangAreRescued() throws Exception {
        CountDownLatch in = new CountDownLatch(5);
        AtomicInteger late = new AtomicInteger();
        CountDownLatch out = new CountDownLatch(5);
        Gate.Slot<Handler> hangs = probation(x -> {
            in.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                x.reply(200, Bench.TEXT, "too late".getBytes());
                late.incrementAndGet();
            } finally {
                out.countDown();
            }
        });
        HttpClient client = bench.client(HttpClient.Version.HTTP_2);
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(client.sendAsync(bench.request("/").build(), BodyHandlers.ofString()));
        }
        in.await();
        while (bench.streams().oldestMillis(hangs) < 20) {
            Thread.onSpinWait();
        }
        Gate.Slot<Handler> broken = flipBack();
        assertFalse(broken.drain(Duration.ofMillis(50)));
        assertEquals(5, bench.streams().rescue(broken));
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            assertEquals("good", call.get().body());
        }
        out.await();
        assertTrue(broken.drain(Duration.ofSeconds(5)));
        assertEquals(5, late.get());
        assertEquals(0, bench.streams().oldestMillis(broken));
    }

    @Test
    void aTouchedCallThatHangsIsNotRescued() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        probation(x -> {
            x.touched();
            in.countDown();
            go.await();
            x.reply(200, Bench.TEXT, "once".getBytes());
        });
        var call = bench.client(HttpClient.Version.HTTP_1_1).sendAsync(bench.request("/").build(), BodyHandlers.ofString());
        in.await();
        assertEquals(0, bench.streams().rescue(flipBack()));
        go.countDown();
        assertEquals("once", call.get().body());
    }

    @Test
    void aStreamThatBeginsInARetiredSlotGoesToTheCurrentOne() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        bench.serve(x -> {
            in.countDown();
            go.await();
            x.stream(200, Bench.TEXT).emit("wrong".getBytes(), "1");
        });
        var lines = bench.client(HttpClient.Version.HTTP_1_1).sendAsync(bench.request("/count?n=10").build(),
                BodyHandlers.ofLines());
        in.await();
        bench.serve(good);
        go.countDown();
        StreamsTest.assertCounts(lines.get().body(), 10);
    }

    @Test
    void aStreamMovesAwayFromAHandlerThatHangs() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger superseded = new AtomicInteger();
        bench.serve(x -> {
            var out = x.stream(200, Bench.TEXT);
            out.emit("1\n".getBytes(), "1");
            in.countDown();
            go.await();
            try {
                out.emit("wrong".getBytes(), "2");
            } catch (io.manul.api.http.Superseded e) {
                superseded.incrementAndGet();
                throw e;
            }
        });
        var lines = bench.client(HttpClient.Version.HTTP_2).sendAsync(bench.request("/count?n=10").build(),
                BodyHandlers.ofLines());
        in.await();
        Gate.Slot<Handler> hanging = bench.gate("apiserver").flip(good, "2").orElseThrow();
        assertEquals(1, bench.streams().move(hanging));
        StreamsTest.assertCounts(lines.get().body(), 10);
        go.countDown();
        assertTrue(hanging.drain(Duration.ofSeconds(5)));
        assertEquals(1, superseded.get());
        assertEquals(0, hanging.failed());
    }

    @Test
    void onlyIdleIsInterrupted() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        bench.serve(x -> {
            var out = x.stream(200, Bench.TEXT);
            in.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            out.end();
        });
        var lines = bench.client(HttpClient.Version.HTTP_2).sendAsync(bench.request("/count?n=1").build(),
                BodyHandlers.ofLines());
        in.await();
        Gate.Slot<Handler> old2 = bench.gate("apiserver").flip(good, "2").orElseThrow();
        bench.streams().move(old2);
        StreamsTest.assertCounts(lines.get().body(), 1);
        assertEquals(1, old2.active());
        go.countDown();
        assertTrue(old2.drain(Duration.ofSeconds(5)));
        assertEquals(0, interrupted.get());
    }

    @Test
    void aStreamAtAClosedGateWaitsForTheNextProvider() throws Exception {
        try (Loopback.Stream stream = bench.loopback().open("apiserver", SwapTest.get("/slow?n=200"))) {
            Gate.Slot<Handler> closed = bench.gate("apiserver").close().orElseThrow();
            bench.streams().move(closed);
            assertTrue(closed.drain(Duration.ofSeconds(5)));
            bench.serve(new Numbers("next"));
            StringBuilder all = new StringBuilder();
            while (!stream.ended()) {
                stream.next(Duration.ofSeconds(5)).ifPresent(c -> all.append(new String(c)));
            }
            StreamsTest.assertCounts(all.toString().lines(), 200);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
