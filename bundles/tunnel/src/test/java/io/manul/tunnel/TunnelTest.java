package io.manul.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two ends of a tunnel, and a service behind one of them that sends back what comes. */
@Timeout(60)
class TunnelTest {

    private static final Duration PING = Duration.ofMillis(50);
    private static final Duration SILENCE = Duration.ofMillis(300);

    @TempDir
    private Path folder;
    private ServerSocketChannel echo;
    private Tunnel server;
    private Tunnel node;
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** Both ends of a connection. */
    private SocketChannel[] pair(String name) throws IOException {
        UnixDomainSocketAddress at = UnixDomainSocketAddress.of(folder.resolve(name));
        try (ServerSocketChannel s = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            s.bind(at);
            SocketChannel a = SocketChannel.open(at);
            SocketChannel b = s.accept();
            opened.add(a);
            opened.add(b);
            return new SocketChannel[] {a, b};
        }
    }

    private static Wire wire(SocketChannel c) {
        return new Wire(Channels.newInputStream(c), Channels.newOutputStream(c), c);
    }

    @BeforeEach
    void open() throws Exception {
        echo = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        echo.bind(UnixDomainSocketAddress.of(folder.resolve("echo")));
        Thread.ofVirtual().start(() -> {
            try {
                for (;;) {
                    SocketChannel c = echo.accept();
                    Thread.ofVirtual().start(() -> {
                        try (c) {
                            Channels.newInputStream(c).transferTo(Channels.newOutputStream(c));
                        } catch (IOException e) {
                            opened.add(c); // broken off by the test
                        }
                    });
                }
            } catch (IOException e) {
                opened.add(echo); // the test is over
            }
        });
        SocketChannel[] both = pair("wire");
        server = new Tunnel(wire(both[0]), room -> Optional.empty(), PING, SILENCE).start();
        node = new Tunnel(wire(both[1]), room -> room.equals("echo") ? Optional.of(SocketChannel.open(echo.getLocalAddress())) : Optional.empty(),
                PING, SILENCE).start();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        node.close();
        echo.close();
        for (AutoCloseable c : List.copyOf(opened)) {
            c.close();
        }
    }

    private SocketChannel through(String name, String room) throws IOException {
        SocketChannel[] both = pair(name);
        server.join(both[1], room);
        return both[0];
    }

    @Test
    void whatGoesInComesBackWholeOnManyStreamsAtOnce() throws Exception {
        List<CompletableFuture<byte[]>> back = new ArrayList<>();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] bytes = new byte[1 << 20];
            new Random(i).nextBytes(bytes);
            SocketChannel c = through("s" + i, "echo");
            sent.add(bytes);
            CompletableFuture<byte[]> all = new CompletableFuture<>();
            back.add(all);
            Thread.ofVirtual().start(() -> {
                try {
                    all.complete(Channels.newInputStream(c).readAllBytes());
                } catch (IOException e) {
                    all.completeExceptionally(e);
                }
            });
            Thread.ofVirtual().start(() -> {
                try {
                    Channels.newOutputStream(c).write(bytes);
                    c.shutdownOutput();
                } catch (IOException e) {
                    all.completeExceptionally(e);
                }
            });
        }
        for (int i = 0; i < back.size(); i++) {
            assertArrayEquals(sent.get(i), back.get(i).get(30, TimeUnit.SECONDS));
        }
        while (server.streams() + node.streams() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aReaderThatDoesNotReadHoldsUpItsOwnStreamOnly() throws Exception {
        SocketChannel lazy = through("lazy", "echo");
        Thread.ofVirtual().start(() -> {
            try {
                Channels.newOutputStream(lazy).write(new byte[16 << 20]);
            } catch (IOException e) {
                opened.add(lazy); // never read: the test ends it
            }
        });
        for (int i = 0; i < 20; i++) {
            SocketChannel c = through("q" + i, "echo");
            Channels.newOutputStream(c).write(i);
            assertEquals(i, Channels.newInputStream(c).read());
            c.close();
        }
        assertTrue(!server.ended());
    }

    @Test
    void nobodyBehindItEndsTheConnection() throws Exception {
        assertEquals(-1, Channels.newInputStream(through("x", "nobody")).read());
    }

    @Test
    void aPeerThatFallsSilentIsCutWithEveryStream() throws Exception {
        SocketChannel[] both = pair("dead");
        try (Tunnel alone = new Tunnel(wire(both[0]), room -> Optional.empty(), PING, SILENCE).start()) {
            SocketChannel[] stream = pair("waiting");
            alone.join(stream[1], "echo");
            long begun = System.nanoTime();
            assertEquals(-1, Channels.newInputStream(stream[0]).read(), "the client is told");
            assertTrue(alone.await().contains("nothing was heard"));
            assertTrue(System.nanoTime() - begun < SILENCE.multipliedBy(10).toNanos());
        }
    }

    @Test
    void aStuckWriterDoesNotHoldUpTheWatchdog() throws Exception {
        CompletableFuture<Void> cut = new CompletableFuture<>();
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                cut.join(); // as a full socket whose peer is gone
                throw new IOException("closed");
            }

            @Override
            public void write(byte[] b, int from, int length) throws IOException {
                write(0);
            }
        };
        InputStream silent = new InputStream() {
            @Override
            public int read() {
                cut.join();
                return -1;
            }
        };
        try (Tunnel t = new Tunnel(new Wire(silent, stuck, () -> cut.complete(null)), room -> Optional.empty(), PING, SILENCE).start()) {
            assertTrue(t.await().contains("nothing was heard"));
        }
    }

    @Test
    void whatIsNoFrameEndsTheTunnel() throws Exception {
        SocketChannel[] both = pair("junk");
        try (Tunnel t = new Tunnel(wire(both[0]), room -> Optional.empty()).start()) {
            Channels.newOutputStream(both[1]).write("GET / HTTP/1.1\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertTrue(t.await().contains("no frame"), "it says what came");
        }
    }
}
