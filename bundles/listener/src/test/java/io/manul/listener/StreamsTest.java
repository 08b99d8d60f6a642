package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Handler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class StreamsTest {

    private final Numbers numbers = new Numbers("1");
    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench().serve(numbers);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    static void assertCounts(Stream<String> lines, int last) {
        assertEquals(IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList(), lines.toList());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aStreamArrivesWholeAndEnds(HttpClient.Version version) throws Exception {
        HttpClient client = bench.client(version);
        for (int i = 0; i < 2; i++) {
            assertCounts(client.send(bench.request("/count?n=20000").build(), BodyHandlers.ofLines()).body(), 20_000);
        }
        assertEquals("1", client.send(bench.request("/").build(), BodyHandlers.ofString()).body());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aClientThatLeavesWakesOnlyItsHandler(HttpClient.Version version) throws Exception {
        HttpClient client = bench.client(version);
        HttpResponse<InputStream> stays = client.send(bench.request("/slow?n=3000").build(), BodyHandlers.ofInputStream());
        HttpResponse<InputStream> leaves = client.send(bench.request("/wait").build(), BodyHandlers.ofInputStream());
        BufferedReader lines = new BufferedReader(new InputStreamReader(leaves.body()));
        assertEquals("begun", lines.readLine());
        leaves.body().close();
        assertTrue(numbers.gone.tryAcquire(10, TimeUnit.SECONDS));
        assertCounts(new BufferedReader(new InputStreamReader(stays.body())).lines(), 3000);
        assertEquals(0, numbers.gone.availablePermits());
    }

    @Test
    void aWriterWaitsForASlowReader() throws Exception {
        try (RawClient raw = bench.raw()) {
            raw.socket.setReceiveBufferSize(64 << 10);
            raw.send("GET /count?n=100000&pad=1000 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, raw.head().status());
            int before = -1;
            // it stands still once the kernel's buffers, the channel and the queue are full
            for (int now = numbers.emitted.get(); now != before; now = numbers.emitted.get()) {
                before = now;
                Thread.sleep(300);
            }
            assertTrue(before < 20_000, "emitted " + before);
            long seen = 0;
            for (String chunk = raw.chunk(); !chunk.isEmpty(); chunk = raw.chunk()) {
                seen += chunk.length();
            }
            assertEquals(IntStream.rangeClosed(1, 100_000).mapToLong(i -> Integer.toString(i).length() + 1001).sum(), seen);
        }
    }

    @Test
    void aSlowReaderThatLeavesFreesTheWriter() throws Exception {
        HttpClient client = bench.client(HttpClient.Version.HTTP_2);
        HttpResponse<InputStream> slow = client.send(bench.request("/count?n=1000000&pad=1000").build(),
                BodyHandlers.ofInputStream());
        slow.body().close();
        assertTrue(numbers.gone.tryAcquire(10, TimeUnit.SECONDS));
        assertEquals("1", client.send(bench.request("/").build(), BodyHandlers.ofString()).body());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aHandlerThatThrowsInAStreamBreaksItVisibly(HttpClient.Version version) throws Exception {
        Handler breaks = x -> {
            x.stream(200, Bench.TEXT).emit("half".getBytes(), "1");
            throw new IllegalStateException("broken");
        };
        bench.serve(breaks);
        HttpClient client = bench.client(version);
        assertThrows(IOException.class, () -> client.send(bench.request("/").build(), BodyHandlers.ofString()));
        bench.serve(numbers);
        assertEquals("1", client.send(bench.request("/").build(), BodyHandlers.ofString()).body());
    }

    @Test
    void cancellingThousandWatchesLeavesTheOthersOnTheConnectionAlone() throws Exception {
        HttpClient client = bench.client(HttpClient.Version.HTTP_2);
        HttpResponse<InputStream> stays = client.send(bench.request("/slow?n=5000").build(), BodyHandlers.ofInputStream());
        Semaphore running = new Semaphore(50);
        for (int i = 0; i < 1000; i++) {
            running.acquire();
            client.sendAsync(bench.request("/wait").build(), BodyHandlers.ofInputStream()).whenComplete((answer, error) -> {
                try {
                    answer.body().close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                } finally {
                    running.release();
                }
            });
        }
        assertTrue(numbers.gone.tryAcquire(1000, 30, TimeUnit.SECONDS), "gone " + numbers.gone.availablePermits());
        assertCounts(new BufferedReader(new InputStreamReader(stays.body())).lines(), 5000);
    }

    @Test
    void aHeaderThatCouldSplitTheAnswerIsTheHandlersFailure() throws Exception {
        bench.serve(x -> x.reply(200, java.util.Map.of("x", "a\r\nb: c"), new byte[0]));
        assertEquals(500, bench.client(HttpClient.Version.HTTP_1_1).send(bench.request("/").build(),
                BodyHandlers.discarding()).statusCode());
    }
}
