package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Peer;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerTest {

    private static Server another(Bench bench, int port) throws IOException {
        return new Server(bench.settings(port), bench.gates(), Keys.pki(bench.serving::get), Limits.DEFAULT);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("manul-"))
                .collect(Collectors.toSet());
    }

    @Test
    void aTakenPortNamesItsOwnerAndTheFlag() throws Exception {
        try (Bench bench = new Bench()) {
            IOException e = assertThrows(IOException.class, () -> another(bench, bench.server.apiserverPort()));
            assertTrue(e.getMessage().contains("port " + bench.server.apiserverPort() + " on 127.0.0.1"), e.getMessage());
            assertTrue(e.getMessage().contains("--https-listen-port"), e.getMessage());
            assertTrue(e.getMessage().contains("java (pid " + ProcessHandle.current().pid() + ")"), e.getMessage());
        }
    }

    @Test
    void twoServersOnOneSocketAreRefused() throws Exception {
        try (Bench bench = new Bench()) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> another(bench, 0));
            assertTrue(e.getMessage().contains("another Manul server is running"), e.getMessage());
        }
    }

    @Test
    void theSocketOfADeadServerIsReplaced() throws Exception {
        try (Bench bench = new Bench()) {
            Path left = bench.dir.resolve("run1/manul.sock");
            Files.createDirectories(left.getParent());
            try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(left));
            }
            assertTrue(Files.exists(left));
            // port 1 is root's: either it opens, or the socket was replaced before the port was refused
            try {
                another(bench, 1).stop();
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("port 1 "), e.getMessage());
            }
        }
    }

    @Test
    void theConsoleIsForRootAlone() throws Exception {
        try (Bench bench = new Bench()) {
            bench.serve("console", x -> x.reply(200, Bench.TEXT, (x.peer().equals(new Peer.Console()) + x.path()).getBytes()));
            Path socket = bench.dir.resolve("run/manul.sock");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                Channels.newOutputStream(channel).write("GET /status HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n".getBytes());
                String all = new String(Channels.newInputStream(channel).readAllBytes());
                assertTrue(all.startsWith("HTTP/1.1 200 ") && all.endsWith("true/status"), all);
            }
        }
    }

    @Test
    void aStopLetsCallsEndBreaksStreamsAndLeavesNoThread() throws Exception {
        Set<Thread> before = threads();
        Numbers numbers = new Numbers("1");
        Bench bench = new Bench().serve(numbers);
        CountDownLatch in = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        bench.serve("apiserver", x -> {
            if (x.path().equals("/work")) {
                in.countDown();
                go.await();
                x.reply(200, Bench.TEXT, "done".getBytes());
            } else {
                numbers.handle(x);
            }
        });
        HttpClient h1 = bench.client(HttpClient.Version.HTTP_1_1);
        HttpClient h2 = bench.client(HttpClient.Version.HTTP_2);
        var first = h1.sendAsync(bench.request("/work").build(), BodyHandlers.ofString());
        var second = h2.sendAsync(bench.request("/work").build(), BodyHandlers.ofString());
        var stream1 = h1.send(bench.request("/wait").build(), BodyHandlers.ofLines());
        var stream2 = h2.send(bench.request("/wait").build(), BodyHandlers.ofLines());
        in.await();
        assertFalse(threads().equals(before));
        Thread stop = Thread.ofVirtual().start(() -> {
            try {
                bench.close();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(numbers.gone.tryAcquire(2, 10, TimeUnit.SECONDS), "streams end at once");
        long start = System.nanoTime();
        go.countDown();
        assertEquals("done", first.get().body());
        assertEquals("done", second.get().body());
        assertThrows(java.io.UncheckedIOException.class, () -> stream1.body().toList());
        assertThrows(java.io.UncheckedIOException.class, () -> stream2.body().toList());
        stop.join();
        assertTrue(System.nanoTime() - start < 5_000_000_000L);
        assertThrows(ExecutionException.class, () -> h2.sendAsync(bench.request("/").build(), BodyHandlers.ofString()).get());
        GlobalEventExecutor.INSTANCE.awaitInactivity(5, TimeUnit.SECONDS);
        assertEquals(before, threads());
        assertEquals(503, bench.loopback().call("apiserver", SwapTest.get("/")).status());
    }

    @Test
    void aCallThatDoesNotEndIsGivenUpWithinFiveSeconds() throws Exception {
        Bench bench = new Bench();
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        bench.serve(x -> {
            in.countDown();
            go.await();
        });
        try (RawClient raw = bench.raw()) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            in.await();
            long start = System.nanoTime();
            bench.close();
            assertTrue(System.nanoTime() - start < 5_000_000_000L);
            assertEquals(503, raw.answer().status());
        } finally {
            go.countDown();
        }
    }
}
