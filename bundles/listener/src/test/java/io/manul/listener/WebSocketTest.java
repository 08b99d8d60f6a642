package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.gate.Gate;
import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.http.ResumableStream;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream as a WebSocket: messages, swaps, pings, the ends, back-pressure, refusals. */
@Timeout(60)
class WebSocketTest {

    private static final String TOKEN = "base64url.bearer.authorization.k8s.io.";

    private final Numbers numbers = new Numbers("0");
    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench().serve(numbers);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    // ---- messages

    @Test
    void everyLineIsAMessageInOrderThenTheClose() throws Exception {
        SocketClient client = SocketClient.of(bench, "/count?n=20000");
        StreamsTest.assertCounts(client.all().stream(), 20_000);
        assertEquals("", client.socket.getSubprotocol());
    }

    @Test
    void aChunkOfManyLinesIsManyMessagesAndAnUnfinishedLineGoesOn() throws Exception {
        String large = "é".repeat(100_000);
        StringBuilder many = new StringBuilder();
        List<String> want = new ArrayList<>(List.of("a", "", "b", large, "unfinished"));
        IntStream.range(0, 5000).forEach(i -> {
            many.append("{\"line\":").append(i).append("}\n");
            want.add("{\"line\":" + i + "}");
        });
        want.add("no newline at the end");
        bench.serve(x -> {
            ResumableStream out = x.stream(200, Map.of("content-type", "application/json;stream=watch"));
            for (String chunk : List.of("a\n\nb\n", large + "\n", "unfin", "", "ished", "\n", many.toString(),
                    "no newline at the end")) {
                out.emit(chunk.getBytes(StandardCharsets.UTF_8), "1");
            }
            out.end();
        });
        assertEquals(want, SocketClient.of(bench, "/").all());
    }

    @Test
    void linesAreSingleFramesEvenInALargeChunk() throws Exception {
        String line = "x".repeat(999);
        bench.serve(x -> {
            ResumableStream out = x.stream(200, Bench.JSON);
            out.emit((line + "\n").repeat(1000).getBytes(), "1");
            out.end();
        });
        try (RawClient raw = bench.raw()) {
            assertEquals(101, raw.send(head("/", "")).head().status());
            for (int i = 0; i < 1000; i++) {
                assertEquals("text " + line, frame(raw));
            }
            assertEquals("close 1000 ", frame(raw));
            raw.send(masked(8, "\u0003\u00e8"));
            assertEquals(-1, raw.read());
        }
    }

    @Test
    void whatIsNotJsonIsBinaryOrBase64() throws Exception {
        bench.serve(x -> {
            ResumableStream out = x.stream(200, Bench.TEXT);
            out.emit("one\ntwo".getBytes(), "1");
            out.end();
        });
        assertEquals(List.of("binary one\ntwo"), SocketClient.of(bench, "/").all());
        SocketClient coded = new SocketClient(bench, "/", true, b -> b.subprotocols("base64.binary.k8s.io", "other"));
        assertEquals(List.of(Base64.getEncoder().encodeToString("one\ntwo".getBytes())), coded.all());
        assertEquals("base64.binary.k8s.io", coded.socket.getSubprotocol());
    }

    // ---- swaps

    @Test
    void aHundredSwapsAreNotVisible() throws Exception {
        List<SocketClient> clients = new ArrayList<>();
        for (String target : List.of("/slow?n=1500", "/slow?n=1500", "/count?pad=100&n=100000")) {
            clients.add(SocketClient.of(bench, target));
        }
        int moved = 0;
        for (int i = 1; i <= 100; i++) {
            Gate.Slot<Handler> old = bench.gate("apiserver").flip(new Numbers("" + i), "" + i).orElseThrow();
            bench.streams().fallback("apiserver", old);
            TimeUnit.MILLISECONDS.sleep(1);
            moved += bench.streams().move(old);
            bench.streams().fallback("apiserver", null);
            assertTrue(old.drain(Duration.ofSeconds(5)), "version " + (i - 1) + " has calls left");
            assertEquals(0, old.failed());
        }
        StreamsTest.assertCounts(clients.get(0).all().stream(), 1500);
        StreamsTest.assertCounts(clients.get(1).all().stream(), 1500);
        StreamsTest.assertCounts(clients.get(2).all().stream().map(l -> l.replace("x", "")), 100_000);
        assertTrue(moved > 100, "moved " + moved);
    }

    @Test
    void aForwardedExchangeIsASocketToo() throws Exception {
        bench.serve(x -> x.forward("kubelet", "/count?n=3", new Peer.Internal("jane", List.of(), "apiserver")));
        bench.serve("kubelet", new Numbers("1"));
        assertEquals(List.of("1", "2", "3"), SocketClient.of(bench, "/").all());
    }

    // ---- the client's side

    @Test
    void pingsAreAnsweredAndWhatElseTheClientSaysIsNot() throws Exception {
        SocketClient client = SocketClient.of(bench, "/wait");
        assertEquals("begun", client.next());
        client.socket.sendText("hello", true).get();
        client.socket.sendPing(ByteBuffer.wrap("are you there".getBytes())).get();
        assertEquals("pong are you there", client.next());
        assertEquals(0, numbers.gone.availablePermits());
        client.socket.abort();
    }

    @Test
    void aFloodOfPingsFromAClientThatDoesNotReadIsNotKept() throws Exception {
        try (RawClient raw = bench.raw()) {
            raw.socket.setReceiveBufferSize(16 << 10);
            raw.send(head("/count?pad=1000&n=1000000", ""));
            assertEquals(101, raw.head().status());
            String flood = masked(9, "x".repeat(125)).repeat(1000);
            for (int i = 0; i < 100; i++) {
                raw.send(flood);
            }
            raw.send(masked(9, "last"));
            int pongs = 0;
            for (String frame = frame(raw); !frame.equals("pong last"); frame = frame(raw)) {
                pongs += frame.startsWith("pong ") ? 1 : 0;
                assertTrue(frame.startsWith("text ") || frame.startsWith("pong "), frame);
            }
            assertTrue(pongs < 50_000, "pongs " + pongs);
        }
        assertTrue(numbers.gone.tryAcquire(10, TimeUnit.SECONDS));
    }

    @Test
    void aClientsCloseIsAnsweredAndFreesTheHandler() throws Exception {
        SocketClient client = SocketClient.of(bench, "/wait");
        assertEquals("begun", client.next());
        client.socket.sendClose(WebSocket.NORMAL_CLOSURE, "enough").get();
        assertTrue(numbers.gone.tryAcquire(10, TimeUnit.SECONDS));
        assertEquals("close 1000 enough", client.next());
    }

    @Test
    void aLostConnectionFreesTheHandler() throws Exception {
        SocketClient waits = SocketClient.of(bench, "/wait");
        assertEquals("begun", waits.next());
        SocketClient slow = new SocketClient(bench, "/count?pad=1000&n=1000000", false, b -> b);
        waits.socket.abort();
        slow.socket.abort();
        assertTrue(numbers.gone.tryAcquire(2, 10, TimeUnit.SECONDS));
    }

    @Test
    void framesThatAreTooLargeOrNotMaskedEndTheConnection() throws Exception {
        try (RawClient raw = bench.raw()) {
            raw.send(head("/wait", "") + masked(2, "x".repeat(65_536)));
            assertEquals(101, raw.head().status());
            assertEquals("text begun", frame(raw));
            raw.send(masked(2, "x".repeat(65_537)).substring(0, 1000));
            assertTrue(frame(raw).startsWith("close 1009"));
            assertEquals(-1, raw.read());
        }
        try (RawClient raw = bench.raw()) {
            // the first frame comes with the request's head, before anybody has switched
            raw.send(head("/wait", "") + "\u0081\u0001a");
            assertEquals(101, raw.head().status());
            String first = frame(raw);
            assertTrue((first.equals("text begun") ? frame(raw) : first).startsWith("close 1002"), first);
        }
        assertTrue(numbers.gone.tryAcquire(2, 10, TimeUnit.SECONDS));
    }

    @Test
    void aWriterWaitsForASlowReader() throws Exception {
        SocketClient client = new SocketClient(bench, "/count?n=100000&pad=1000", false, b -> b);
        int before = -1;
        // it stands still once the kernel's buffers, the channel and the queue are full
        for (int now = numbers.emitted.get(); now != before || now == 0; now = numbers.emitted.get()) {
            before = now;
            TimeUnit.MILLISECONDS.sleep(300);
        }
        assertTrue(before < 20_000, "emitted " + before);
        client.socket.request(Long.MAX_VALUE);
        StreamsTest.assertCounts(client.all().stream().map(l -> l.replace("x", "")), 100_000);
    }

    // ---- the ends

    @Test
    void aWholeAnswerStaysPlainHttp() throws Exception {
        bench.serve(x -> x.reply(403, Bench.JSON, "{\"no\":1}".getBytes()));
        assertEquals(403, refused("/", b -> b).statusCode());
        try (RawClient raw = bench.raw()) {
            RawClient.Answer answer = raw.send(head("/", "")).answer();
            assertEquals(403, answer.status());
            assertEquals("{\"no\":1}", answer.body());
            bench.serve(numbers);
            assertEquals("0", raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().body());
        }
    }

    @Test
    void aStreamThatBreaksIsClosedWithAnErrorAndSaysWhy() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        bench.serve(x -> {
            x.stream(200, Bench.JSON).emit("half".getBytes(), "1");
            seen.await();
            throw new IllegalStateException("broken");
        });
        SocketClient client = SocketClient.of(bench, "/");
        seen.countDown();
        String close = client.next();
        assertTrue(close.startsWith("close 1011 Internal error occurred: the component \"apiserver\" failed"), close);
    }

    @Test
    void theServersStopClosesTheSocket() throws Exception {
        SocketClient client = SocketClient.of(bench, "/wait");
        assertEquals("begun", client.next());
        bench.server.stop();
        assertEquals("close 1011 the server is stopping", client.next());
    }

    @Test
    void anImpossibleHandshakeIsRefusedWithWords() throws Exception {
        try (RawClient raw = bench.raw()) {
            RawClient.Answer version = raw.send(head("/wait", "").replace("Version: 13", "Version: 8")).answer();
            assertEquals(426, version.status());
            assertEquals("13", version.headers().get("sec-websocket-version"));
            RawClient.Answer key = raw.send(head("/wait", "").replace("Key: ", "Key: x")).answer();
            assertEquals(400, key.status());
            assertTrue(key.body().contains("Sec-WebSocket-Key"), key.body());
            // another method, another protocol version: an ordinary answer
            assertEquals(200, raw.send(head("/count?n=3", "").replace("GET", "POST")).answer().status());
        }
        assertEquals(0, bench.gate("apiserver").current().orElseThrow().failed());
    }

    // ---- the token

    @Test
    void aTokenAmongTheSubprotocolsIsACredential() throws Exception {
        bench.serve(x -> {
            ResumableStream out = x.stream(200, Bench.JSON);
            out.emit((x.header("authorization").orElse("none") + " " + x.header("sec-websocket-protocol").orElse("none")
                    + "\n").getBytes(), "1");
            out.end();
        });
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString("sec.r~t".getBytes());
        SocketClient client = new SocketClient(bench, "/", true, b -> b.subprotocols(TOKEN + token, "base64.binary.k8s.io"));
        assertEquals(List.of("Bearer sec.r~t base64.binary.k8s.io"), client.all());
        assertEquals("base64.binary.k8s.io", client.socket.getSubprotocol());
        assertEquals(List.of("Basic x other"), new SocketClient(bench, "/", true,
                b -> b.subprotocols(TOKEN + token, "other").header("Authorization", "Basic x")).all());
        for (List<String> bad : List.of(List.of(TOKEN + token), List.of(TOKEN + token, TOKEN + token + "x", "other"),
                List.of(TOKEN + "!", "other"), List.of(TOKEN + "_w", "other"))) {
            String protocols = "Sec-WebSocket-Protocol: " + String.join(", ", bad) + "\r\n";
            try (RawClient raw = bench.raw()) {
                assertEquals(401, raw.send(head("/", protocols)).answer().status(), protocols);
            }
        }
    }

    // ---- byte by byte

    private HttpResponse<?> refused(String target, UnaryOperator<WebSocket.Builder> with) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> new SocketClient(bench, target, true, with));
        return ((WebSocketHandshakeException) e.getCause()).getResponse();
    }

    /** The key of RFC 6455 section 1.3. */
    private static String head(String target, String more) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + more + "\r\n";
    }

    @Test
    void theHandshakeIsThatOfTheSpecification() throws Exception {
        try (RawClient raw = bench.raw()) {
            RawClient.Answer head = raw.send(head("/count?n=1", "")).head();
            assertEquals(101, head.status());
            assertEquals(Map.of("upgrade", "websocket", "connection", "upgrade",
                    "sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), head.headers());
        }
    }

    /** A frame with the mask 0: the payload stays readable. */
    private static String masked(int opcode, String payload) {
        int n = payload.length();
        String length = n < 126 ? "" + (char) (0x80 | n)
                : n < 65_536 ? "\u00fe" + (char) (n >> 8) + (char) (n & 0xff)
                : "\u00ff\0\0\0\0\0" + (char) (n >> 16) + (char) (n >> 8 & 0xff) + (char) (n & 0xff);
        return (char) (0x80 | opcode) + length + "\0\0\0\0" + payload;
    }

    private static String frame(RawClient raw) throws Exception {
        int first = raw.read();
        int length = raw.read();
        if (first < 0 || length < 0) {
            return "end";
        }
        if (length == 126) {
            length = raw.read() << 8 | raw.read();
        }
        String payload = raw.text(length);
        return switch (first) {
            case 0x81 -> "text " + payload;
            case 0x88 -> "close " + (payload.charAt(0) << 8 | payload.charAt(1)) + " " + payload.substring(2);
            case 0x8a -> "pong " + payload;
            default -> "frame " + Integer.toHexString(first) + " " + payload;
        };
    }
}
