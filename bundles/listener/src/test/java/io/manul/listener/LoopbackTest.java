package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopbackTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(Limits.DEFAULT, Duration.ofMillis(50));
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private Loopback.Stream open(String target) throws Exception {
        return bench.loopback().open("apiserver", SwapTest.get(target));
    }

    @Test
    void aCallCarriesEverything() throws Exception {
        Peer.Internal as = new Peer.Internal("system:node:a", List.of("system:nodes"), "kubelet");
        bench.serve(x -> x.reply(201, Map.of("content-type", "a/b"), (x.method() + x.target() + x.query()
                + x.header("accept").orElse("") + x.peer() + new String(x.body())).getBytes()));
        Loopback.Response got = bench.loopback().call("apiserver",
                new Loopback.Request("PUT", "/p?a=b", Map.of("Accept", "x"), "body".getBytes(), as));
        assertEquals(201, got.status());
        assertEquals(Map.of("content-type", "a/b"), got.headers());
        assertEquals("PUT/p?a=b{a=[b]}x" + as + "body", new String(got.body()));
    }

    @Test
    void aStreamIsCollectedByACall() throws Exception {
        bench.serve(new Numbers("1"));
        StreamsTest.assertCounts(new String(bench.loopback().call("apiserver", SwapTest.get("/count?n=50000")).body()).lines(),
                50_000);
    }

    @Test
    void aStreamThatIsTooLongForACallIsRefused() {
        bench.serve(new Numbers("1"));
        IOException e = assertThrows(IOException.class,
                () -> bench.loopback().call("apiserver", SwapTest.get("/count?n=1000000&pad=1000")));
        assertTrue(e.getMessage().contains("open it as a stream"), e.getMessage());
    }

    @Test
    void chunksKeepTheirBoundaries() throws Exception {
        bench.serve(new Numbers("1"));
        try (Loopback.Stream stream = open("/count?n=1000")) {
            assertEquals(200, stream.status());
            for (int i = 1; i <= 1000; i++) {
                assertEquals(i + "\n", new String(stream.next(LONG).orElseThrow()));
            }
            assertEquals(Optional.empty(), stream.next(LONG));
            assertTrue(stream.ended());
        }
    }

    @Test
    void aWholeAnswerIsOneChunk() throws Exception {
        byte[] big = new byte[1 << 20];
        bench.serve(x -> x.reply(404, Bench.TEXT, big));
        try (Loopback.Stream stream = open("/")) {
            assertEquals(404, stream.status());
            assertFalse(stream.ended());
            assertArrayEquals(big, stream.next(LONG).orElseThrow());
            assertTrue(stream.ended());
        }
    }

    @Test
    void aWriterWaitsForItsReader() throws Exception {
        Numbers many = new Numbers("1");
        bench.serve(many);
        try (Loopback.Stream stream = open("/count?n=10000")) {
            while (many.emitted.get() < 256) {
                Thread.onSpinWait();
            }
            assertEquals(Optional.of("1\n"), stream.next(LONG).map(String::new));
            while (many.emitted.get() < 257) {
                Thread.onSpinWait();
            }
            assertEquals(257, many.emitted.get());
        }
        assertTrue(many.gone.tryAcquire(10, TimeUnit.SECONDS));
    }

    @Test
    void closingTellsTheHandler() throws Exception {
        Numbers waits = new Numbers("1");
        bench.serve(waits);
        Loopback.Stream stream = open("/wait");
        assertEquals("begun\n", new String(stream.next(LONG).orElseThrow()));
        assertEquals(Optional.empty(), stream.next(Duration.ofMillis(20)));
        assertFalse(stream.ended());
        stream.close();
        assertTrue(waits.gone.tryAcquire(10, TimeUnit.SECONDS));
        assertThrows(IOException.class, () -> stream.next(LONG));
        assertTrue(bench.gate("apiserver").current().orElseThrow().drain(LONG));
    }

    @Test
    void anInterruptedCallerTellsTheHandler() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        Numbers waits = new Numbers("1");
        bench.serve(x -> {
            in.countDown();
            waits.handle(x);
        });
        AtomicInteger interrupted = new AtomicInteger();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                bench.loopback().call("apiserver", SwapTest.get("/wait"));
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        in.await();
        caller.interrupt();
        caller.join();
        assertEquals(1, interrupted.get());
        assertTrue(waits.gone.tryAcquire(10, TimeUnit.SECONDS));
    }

    @Test
    void aStreamThatBreaksIsAnException() throws Exception {
        bench.serve(x -> {
            x.stream(200, Bench.TEXT).emit("a".getBytes(), "1");
            throw new IllegalStateException("broken");
        });
        try (Loopback.Stream stream = open("/")) {
            assertEquals("a", new String(stream.next(LONG).orElseThrow()));
            assertThrows(IOException.class, () -> stream.next(LONG));
        }
    }

    @Test
    void aRoomWithoutAProviderIsUnavailable() throws Exception {
        Loopback.Response got = bench.loopback().call("nowhere", SwapTest.get("/"));
        assertEquals(503, got.status());
        assertEquals("1", got.headers().get("retry-after"));
    }

    @Test
    void aBadRequestIsTheCallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> bench.loopback().call("apiserver", SwapTest.get("nowhere")));
    }
}
