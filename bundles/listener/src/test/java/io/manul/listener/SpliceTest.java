package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Peer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpliceTest {

    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String UPGRADE = "GET /exec HTTP/1.1\r\nHost: manul\r\nConnection: keep-alive, Upgrade\r\n"
            + "Upgrade: websocket\r\nAuthorization: Bearer secret\r\nX-Mine: 1\r\n"
            + "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.c2VjcmV0, v5.channel.k8s.io\r\n\r\n";
    private static final Peer.Internal USER = new Peer.Internal("jane", List.of("dev"), "apiserver");

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench();
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void bytesGoThroughBothWays() throws Exception {
        try (Backend backend = Backend.tcp(SWITCHING); RawClient raw = bench.raw()) {
            bench.serve(x -> {
                assertTrue(x.upgrade());
                x.splice(backend.address(), "/run?container=1");
            });
            // the first bytes travel with the head, before anybody has switched
            assertEquals(101, raw.send(UPGRADE + "early ").head().status());
            assertEquals("early bird", raw.send("bird").text(10));
            String head = backend.heads.take();
            assertTrue(head.startsWith("GET /run?container=1 HTTP/1.1\r\nhost: 127.0.0.1:"), head);
            assertTrue(head.contains("\r\nx-mine: 1\r\n") && head.contains("\r\nupgrade: websocket\r\n"), head);
            assertTrue(head.contains("\r\nsec-websocket-protocol: v5.channel.k8s.io\r\n"), head);
            assertFalse(head.toLowerCase().contains("authorization"), head);
        }
    }

    @Test
    void manyMegabytesGoThroughASlowReaderUnharmed() throws Exception {
        try (Backend backend = Backend.tcp(SWITCHING); RawClient raw = bench.raw()) {
            bench.serve(x -> x.splice(backend.address(), "/"));
            assertEquals(101, raw.send(UPGRADE).head().status());
            String mega = "0123456789abcdef".repeat(1 << 16);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        raw.send(mega);
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertFalse(sender.join(java.time.Duration.ofMillis(500)), "200 MB were swallowed without a reader");
            for (int i = 0; i < 200; i++) {
                assertEquals(mega, raw.text(mega.length()));
            }
        }
    }

    @Test
    void aHalfCloseOfTheClientIsKept() throws Exception {
        try (Backend backend = Backend.tcp(SWITCHING); RawClient raw = bench.raw()) {
            bench.serve(x -> x.splice(backend.address(), "/"));
            assertEquals(101, raw.send(UPGRADE).head().status());
            raw.send("hello").socket.shutdownOutput();
            assertEquals("hellobye after 5", raw.text(16));
            assertEquals(-1, raw.read());
        }
    }

    @Test
    void unixSocketsAreJoined() throws Exception {
        UnixDomainSocketAddress back = UnixDomainSocketAddress.of(bench.dir.resolve("back.sock"));
        bench.serve("console", x -> x.splice(back, "/"));
        try (Backend backend = new Backend(back, SWITCHING);
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(bench.dir.resolve("run/manul.sock")))) {
            Channels.newOutputStream(channel).write((UPGRADE + "hello").getBytes());
            String want = SWITCHING + "hello";
            assertEquals(want, new String(Channels.newInputStream(channel).readNBytes(want.length())));
            assertTrue(backend.heads.take().contains("host: localhost\r\n"));
        }
    }

    @Test
    void theOtherSideIsToldWhenTheClientLeaves() throws Exception {
        try (Backend backend = Backend.tcp(SWITCHING)) {
            bench.serve(x -> x.splice(backend.address(), "/"));
            try (RawClient raw = bench.raw()) {
                assertEquals(101, raw.send(UPGRADE).head().status());
            }
            backend.heads.take();
            String end = backend.heads.poll(2, java.util.concurrent.TimeUnit.SECONDS);
            // the backend's read has ended: it either wrote its bye in peace or lost the connection while doing so
            assertTrue(end == null || end.startsWith("lost"), "" + end);
        }
    }

    @Test
    void anAnswerWithoutSwitchingEndsTheConnectionAndNothingSlipsThrough() throws Exception {
        String refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
        try (Backend backend = Backend.tcp(refusal); RawClient raw = bench.raw()) {
            bench.serve(x -> x.splice(backend.address(), "/"));
            assertEquals("no", raw.send(UPGRADE + "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n").answer().body());
            assertEquals("bye after 0", raw.text(11));
            assertEquals(-1, raw.read());
        }
    }

    @Test
    void aBackendThatIsNotThereIsABadGateway() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0)) {
            free = probe.getLocalPort();
        }
        bench.serve(x -> x.splice(new InetSocketAddress(InetAddress.getLoopbackAddress(), free), "/"));
        try (RawClient raw = bench.raw()) {
            RawClient.Answer answer = raw.send(UPGRADE).answer();
            assertEquals(502, answer.status());
            assertTrue(answer.body().contains("error dialing backend localhost:" + free), answer.body());
        }
        bench.serve(x -> x.splice(UnixDomainSocketAddress.of("/nowhere/at.all"), "/"));
        try (RawClient raw = bench.raw()) {
            assertEquals(502, raw.send(UPGRADE).answer().status());
        }
    }

    @Test
    void aBackendThatClosesAtOnceIsABadGateway() throws Exception {
        try (ServerSocket backend = new ServerSocket(0); RawClient raw = bench.raw()) {
            bench.serve(x -> x.splice(backend.getLocalSocketAddress(), "/"));
            raw.send(UPGRADE);
            backend.accept().close();
            assertEquals(502, raw.answer().status());
        }
    }

    @Test
    void thereIsNothingToJoinOverHttp2OrInside() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        bench.serve(x -> {
            try {
                x.splice(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), "/");
            } catch (IllegalStateException e) {
                seen.set(e.getMessage());
                x.reply(400, Bench.TEXT, new byte[0]);
            }
        });
        assertEquals(400, bench.client(HttpClient.Version.HTTP_2).send(bench.request("/").build(),
                BodyHandlers.discarding()).statusCode());
        assertEquals("there is no HTTP/1.1 connection to join", seen.getAndSet(null));
        assertEquals(400, bench.loopback().call("apiserver", SwapTest.get("/")).status());
        assertEquals("there is no HTTP/1.1 connection to join", seen.get());
    }

    @Test
    void aForwardedExchangeBelongsToTheOtherRoom() throws Exception {
        CountDownLatch forwarded = new CountDownLatch(1);
        bench.serve(x -> {
            x.forward("kubelet", "/logs/a%20b?follow=true", USER);
            x.reply(500, Bench.TEXT, "not mine any more".getBytes());
            forwarded.countDown();
            throw new IllegalStateException("nobody cares");
        });
        bench.serve("kubelet", x -> {
            forwarded.await();
            x.reply(200, Bench.TEXT, (x.method() + x.path() + x.query() + x.peer() + x.header("authorization")
                    + x.header("x-mine").orElse("") + new String(x.body())).getBytes());
        });
        String want = "POST/logs/a b{follow=[true]}" + USER + "Optional.empty1body";
        for (HttpClient.Version version : HttpClient.Version.values()) {
            assertEquals(want, bench.client(version).send(bench.request("/x").header("Authorization", "Bearer t")
                    .header("X-Mine", "1").POST(java.net.http.HttpRequest.BodyPublishers.ofString("body")).build(),
                    BodyHandlers.ofString()).body());
        }
        assertEquals(want, new String(bench.loopback().call("apiserver", new io.manul.api.http.Loopback.Request("POST", "/x",
                java.util.Map.of("x-mine", "1", "authorization", "b"), "body".getBytes(), USER)).body()));
        assertEquals(0, bench.gate("apiserver").current().orElseThrow().failed());
    }

    @Test
    void aForwardedExchangeIsSpliced() throws Exception {
        try (Backend backend = Backend.tcp(SWITCHING); RawClient raw = bench.raw()) {
            bench.serve(x -> x.forward("kubelet", "/exec/ns/pod", USER));
            bench.serve("kubelet", x -> {
                assertTrue(x.upgrade());
                x.splice(backend.address(), "/token");
            });
            assertEquals(101, raw.send(UPGRADE).head().status());
            assertEquals("ping", raw.send("ping").text(4));
            assertTrue(backend.heads.take().startsWith("GET /token "));
        }
    }

    @Test
    void aForwardedStreamFollowsTheOtherRoomsVersions() throws Exception {
        bench.serve(x -> x.forward("kubelet", "/slow?n=500", USER));
        bench.serve("kubelet", new Numbers("1"));
        var lines = bench.client(HttpClient.Version.HTTP_2).send(bench.request("/").build(), BodyHandlers.ofLines());
        var old = bench.gate("kubelet").flip(new Numbers("2"), "2").orElseThrow();
        assertEquals(1, bench.streams().move(old));
        StreamsTest.assertCounts(lines.body(), 500);
        assertTrue(bench.gate("apiserver").current().orElseThrow().drain(java.time.Duration.ofSeconds(1)));
    }
}
