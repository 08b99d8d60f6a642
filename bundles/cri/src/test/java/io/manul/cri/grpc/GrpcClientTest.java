package io.manul.cri.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.cri.CriException;
import io.manul.cri.v1.VersionRequest;
import io.manul.cri.v1.VersionResponse;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client meets when the other end is missing, mute, or no gRPC server. (Real answers: ContainerdTest.) */
class GrpcClientTest {

    @TempDir
    Path folder;

    private CriException refused(Duration deadline) {
        try (GrpcClient client = new GrpcClient(folder.resolve("s"), Duration.ofMillis(100))) {
            return assertThrows(CriException.class, () -> version(client, deadline));
        }
    }

    private static VersionResponse version(GrpcClient client, Duration deadline) throws Exception {
        return client.unary("/runtime.v1.RuntimeService/Version", VersionRequest.getDefaultInstance(), VersionResponse.parser(), deadline);
    }

    @Test
    void noSocketIsUnavailableAfterThePatience() {
        long start = System.nanoTime();
        CriException e = refused(Duration.ofSeconds(10));
        assertEquals(CriException.Code.UNAVAILABLE, e.code());
        assertTrue(e.getMessage().startsWith("Version: no connection to " + folder.resolve("s")), e.getMessage());
        assertTrue(System.nanoTime() - start >= 100_000_000);
    }

    @Test
    void aMuteServerIsTheDeadline() throws Exception {
        try (ServerSocketChannel server = listen()) {
            assertEquals(CriException.Code.DEADLINE_EXCEEDED, refused(Duration.ofMillis(200)).code());
        }
    }

    @Test
    void whatIsNoHttp2ServerIsUnavailable() throws Exception {
        try (ServerSocketChannel server = listen()) {
            Thread.startVirtualThread(() -> answer(server, "HTTP/1.1 400 Bad Request\r\n\r\n"));
            CriException e = refused(Duration.ofSeconds(5));
            assertEquals(CriException.Code.UNAVAILABLE, e.code(), e.toString());
        }
    }

    @Test
    void aReleasedClientHoldsNoThreadAndOpensAnew() throws Exception {
        try (ServerSocketChannel server = listen(); GrpcClient client = new GrpcClient(folder.resolve("s"), Duration.ofMillis(100))) {
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    version(client, GrpcClient.FOREVER);
                } catch (Throwable e) {
                    end.set(e);
                }
            });
            server.accept();
            client.release(Duration.ofMillis(50));
            assertTrue(caller.join(Duration.ofSeconds(5)));
            assertTrue(end.get() instanceof CriException e && e.unavailable(), String.valueOf(end.get()));
            assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("manul-cri-io")));
            assertEquals(CriException.Code.DEADLINE_EXCEEDED,
                    assertThrows(CriException.class, () -> version(client, Duration.ofMillis(50))).code());
        }
    }

    private ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    private static void answer(ServerSocketChannel server, String text) {
        try (SocketChannel peer = server.accept()) {
            peer.write(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
