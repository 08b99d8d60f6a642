package io.manul.listener;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.api.http.Loopback;
import io.manul.api.http.Streams;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;

/** A server on free ports of the loopback interface, and clients for it. */
final class Bench implements AutoCloseable {

    static final Map<String, String> TEXT = Map.of("content-type", "text/plain");
    static final Map<String, String> JSON = Map.of("content-type", "application/json");

    final Path dir;
    final KeyStore clientKeys;
    final AtomicReference<Pki.Identity> serving = new AtomicReference<>();
    final Server server;
    private final Map<String, Gate<Handler>> gates = new ConcurrentHashMap<>();
    private final Duration patience;

    Bench() throws IOException, InterruptedException, GeneralSecurityException {
        this(Limits.DEFAULT, Duration.ofSeconds(5));
    }

    Bench(Limits limits, Duration patience) throws IOException, InterruptedException, GeneralSecurityException {
        this.patience = patience;
        dir = Files.createTempDirectory("listener");
        serving.set(Keys.identity(Keys.store("serving"), "serving"));
        clientKeys = Keys.store("someone");
        server = new Server(settings(0), gates(), Keys.pki(serving::get), limits);
    }

    Settings settings(int port) {
        return (Settings) Proxy.newProxyInstance(Bench.class.getClassLoader(), new Class<?>[] {Settings.class},
                (p, m, a) -> switch (m.getName()) {
                    case "bindAddress" -> "127.0.0.1";
                    case "httpsPort" -> port;
                    case "kubeletPort" -> 0;
                    case "other" -> java.util.Optional.empty();
                    case "runDir" -> dir.resolve("run" + (port == 0 ? "" : port));
                    default -> throw new UnsupportedOperationException(m.getName());
                });
    }

    Gates gates() {
        return new Gates() {
            @Override
            @SuppressWarnings("unchecked")
            public <S> Gate<S> gate(Class<S> type, String room) {
                return (Gate<S>) Bench.this.gate(room);
            }
        };
    }

    Gate<Handler> gate(String room) {
        return gates.computeIfAbsent(room, r -> new Gate<>(r, patience));
    }

    Bench serve(String room, Handler handler) {
        gate(room).flip(handler, "1");
        return this;
    }

    Bench serve(Handler handler) {
        return serve("apiserver", handler);
    }

    Streams streams() {
        return server.streams();
    }

    Loopback loopback() {
        return server.loopback();
    }

    URI uri(String target) {
        return URI.create("https://127.0.0.1:" + server.apiserverPort() + target);
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(uri(target)).timeout(Duration.ofSeconds(30));
    }

    HttpClient client(HttpClient.Version version) throws GeneralSecurityException {
        return HttpClient.newBuilder().version(version).sslContext(Keys.client(List.of(clientKeys))).build();
    }

    /** A TLS connection without ALPN: HTTP/1.1, byte by byte. */
    RawClient raw() throws IOException, GeneralSecurityException {
        SSLSocket socket = (SSLSocket) Keys.client(List.of()).getSocketFactory()
                .createSocket("127.0.0.1", server.apiserverPort());
        socket.startHandshake();
        return new RawClient(socket);
    }

    Socket plainSocket() throws IOException {
        return new Socket("127.0.0.1", server.apiserverPort());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.stop();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
