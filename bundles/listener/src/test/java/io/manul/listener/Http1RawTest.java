package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 as no good client sends it. */
@Timeout(60)
class Http1RawTest {

    private static final Limits SHORT = new Limits(Duration.ofMillis(400), Duration.ofMillis(300), 3, Duration.ofSeconds(1));
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench().serve(x -> x.reply(200, Bench.TEXT, (x.path() + x.body().length).getBytes()));
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private void shortLimits() throws Exception {
        bench.close();
        bench = new Bench(SHORT, Duration.ofMillis(50)).serve(x -> x.reply(200, Bench.TEXT, "ok".getBytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET noslash HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?a=%g HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"})
    void aMalformedRequestIsRefusedAndTheConnectionClosed(String request) throws Exception {
        try (RawClient raw = bench.raw()) {
            RawClient.Answer answer = raw.send(request).answer();
            assertEquals(400, answer.status(), answer.body());
            assertEquals("close", answer.headers().get("connection"));
            assertTrue(answer.body().contains("\"kind\":\"Status\""), answer.body());
            assertEquals(-1, raw.read());
        }
    }

    @ParameterizedTest
    @CsvSource({"505, PRI * HTTP/2.0, 0", "431, GET / HTTP/1.1, 70000", "414, GET /, 70000"})
    void whatIsOutOfBoundsHasItsStatus(int status, String line, int filler) throws Exception {
        String pad = "a".repeat(filler);
        try (RawClient raw = bench.raw()) {
            raw.send(status == 414 ? line + pad + " HTTP/1.1\r\nHost: a\r\n\r\n" : line + "\r\nHost: a\r\nX: " + pad + "\r\n\r\n");
            assertEquals(status, raw.answer().status());
        }
    }

    @Test
    void manyHeadersAreBounded() throws Exception {
        try (RawClient raw = bench.raw()) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(2500) + "\r\n");
            assertEquals(431, raw.answer().status());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawClient raw = bench.raw()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                all.append("POST /").append(i).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            }
            raw.send(all.toString());
            for (int i = 0; i < 500; i++) {
                assertEquals("/" + i + "3", raw.answer().body());
            }
        }
    }

    @Test
    void pipelinedBytesBehindALongRequestAreBounded() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger seen = new AtomicInteger();
        bench.serve(x -> {
            if (x.path().equals("/long")) {
                go.await();
            }
            seen.addAndGet(x.body().length);
            x.reply(200, Bench.TEXT, new byte[0]);
        });
        try (RawClient raw = bench.raw()) {
            raw.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "b".repeat(1_000_000);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        raw.send(post);
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertFalse(sender.join(Duration.ofMillis(500)), "100 MB were taken while no request could be read");
            go.countDown();
            for (int i = 0; i < 101; i++) {
                assertEquals(200, raw.answer().status());
            }
            assertEquals(100_000_000, seen.get());
        }
    }

    @Test
    void continueIsSentOnlyForABodyThatIsWanted() throws Exception {
        String expect = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
        try (RawClient raw = bench.raw()) {
            assertEquals(100, raw.send(expect + "4\r\n\r\n").head().status());
            assertEquals("/4", raw.send("abcd").answer().body());
            assertEquals(413, raw.send(expect + "4000000\r\n\r\n").answer().status());
        }
    }

    @Test
    void chunkedBodiesAreReadAndBounded() throws Exception {
        String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (RawClient raw = bench.raw()) {
            assertEquals("/7", raw.send(head + "3\r\nabc\r\n4\r\nabcd\r\n0\r\nTrailer: x\r\n\r\n").answer().body());
            String mega = "100000\r\n" + "a".repeat(1 << 20) + "\r\n";
            RawClient.Answer answer = raw.send(head + mega + mega + mega + "1\r\na\r\n").answer();
            assertEquals(413, answer.status());
        }
    }

    @Test
    void anOldClientGetsItsAnswerUntilTheClose() throws Exception {
        bench.serve(new Numbers("1"));
        try (RawClient raw = bench.raw()) {
            RawClient.Answer head = raw.send("GET /count?n=3 HTTP/1.0\r\n\r\n").head();
            assertEquals("close", head.headers().get("connection"));
            assertFalse(head.headers().containsKey("transfer-encoding"));
            assertEquals("1\n2\n3\n", raw.text(6));
            assertEquals(-1, raw.read());
        }
    }

    @Test
    void theConnectionStaysUntilTheClientWantsItClosed() throws Exception {
        try (RawClient raw = bench.raw()) {
            assertEquals(200, raw.send(GET).answer().status());
            assertEquals(200, raw.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").answer().status());
            assertEquals(-1, raw.read());
        }
    }

    @Test
    void aSlowRequestIsTimedOut() throws Exception {
        shortLimits();
        for (String slow : List.of("GET / HT", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na")) {
            try (RawClient raw = bench.raw()) {
                assertEquals(200, raw.send(GET).answer().status());
                RawClient.Answer answer = raw.send(slow).answer();
                assertEquals(408, answer.status());
                assertTrue(answer.body().contains("\"reason\":\"Timeout\""), answer.body());
            }
        }
    }

    @Test
    void anIdleConnectionIsClosedButNotABusyOne() throws Exception {
        shortLimits();
        CountDownLatch go = new CountDownLatch(1);
        bench.serve(x -> {
            go.await();
            x.reply(200, Bench.TEXT, new byte[0]);
        });
        try (RawClient busy = bench.raw(); RawClient idle = bench.raw()) {
            busy.send(GET);
            long start = System.nanoTime();
            assertEquals(-1, idle.read());
            assertTrue(System.nanoTime() - start > 300_000_000L);
            go.countDown();
            assertEquals(200, busy.answer().status());
            assertEquals(-1, busy.read());
        }
    }

    @Test
    void connectionsAreBounded() throws Exception {
        shortLimits();
        CountDownLatch go = new CountDownLatch(1);
        bench.serve(x -> {
            go.await();
            x.reply(200, Bench.TEXT, new byte[0]);
        });
        List<RawClient> open = new CopyOnWriteArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(bench.raw().send(GET));
            }
            assertThrows(IOException.class, () -> bench.raw());
            go.countDown();
            open.getFirst().answer();
            open.getFirst().close();
            RawClient again = null;
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10); again == null && System.nanoTime() < end;) {
                try {
                    again = bench.raw();
                } catch (IOException e) {
                    Thread.onSpinWait();
                }
            }
            open.add(again);
            assertEquals(200, again.send(GET).answer().status());
        } finally {
            for (RawClient raw : open) {
                raw.close();
            }
        }
    }

    @Test
    void plainHttpOnTheTlsPortIsNotServed() throws Exception {
        try (Socket socket = bench.plainSocket()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(GET.getBytes());
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes());
            assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("to an HTTPS server"), answer);
        }
        try (RawClient raw = bench.raw()) {
            assertEquals(200, raw.send(GET).answer().status());
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfARequestLeavesNothing() throws Exception {
        try (RawClient raw = bench.raw()) {
            raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
        }
        try (RawClient raw = bench.raw()) {
            assertEquals(200, raw.send(GET).answer().status());
        }
    }
}
