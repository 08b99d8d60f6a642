package io.manul.kubelet.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.manul.json.Obj;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProberTest {

    private final Prober prober = new Prober(null);
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", x -> {
            x.getRequestHeaders().forEach((k, v) -> seen.put(k.toLowerCase(java.util.Locale.ROOT), v.getFirst()));
            String path = x.getRequestURI().getPath();
            if (path.equals("/moved")) {
                x.getResponseHeaders().add("Location", "/200");
                x.sendResponseHeaders(302, -1);
            } else if (path.equals("/round")) {
                x.getResponseHeaders().add("Location", "/round");
                x.sendResponseHeaders(302, -1);
            } else {
                x.sendResponseHeaders(Integer.parseInt(path.substring(1)), -1);
            }
            x.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Prober.Result get(String more) throws InterruptedException {
        Obj action = Obj.parse("{\"httpGet\":{\"port\":" + server.getAddress().getPort() + more + "}}");
        return prober.attempt(action, Obj.of(), "c", "127.0.0.1", Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({"200,true", "204,true", "399,true", "400,false", "500,false"})
    void httpStatuses(int status, boolean well) throws InterruptedException {
        Prober.Result r = get(",\"path\":\"/" + status + "\"");
        assertEquals(well, r.well());
        assertEquals(well ? "" : "HTTP probe failed with statuscode: " + status, r.message());
    }

    @Test
    void redirectsHeadersAndWhoAsks() throws InterruptedException {
        assertTrue(get(",\"path\":\"moved\",\"httpHeaders\":[{\"name\":\"Host\",\"value\":\"shop\"},{\"name\":\"X\",\"value\":\"y\"}]").well());
        assertEquals("shop", seen.get("host"));
        assertEquals("y", seen.get("x"));
        assertEquals("kube-probe/1.36", seen.get("user-agent"));
        assertTrue(get(",\"path\":\"/round\"").well(), "a redirect without end is a 3xx");
        assertFalse(get(",\"path\":\"/200\",\"httpHeaders\":[{\"name\":\"X\",\"value\":\"y\\r\\nZ: 1\"}]").well());
    }

    @Test
    void nobodyThereAndNobodyAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Obj http = Obj.parse("{\"httpGet\":{\"path\":\"/\",\"port\":" + silent.getLocalPort() + "}}");
            assertFalse(prober.attempt(http, Obj.of(), "c", "127.0.0.1", Duration.ofMillis(200)).well());
            assertTrue(prober.attempt(tcp(silent.getLocalPort()), Obj.of(), "c", "127.0.0.1", Duration.ofSeconds(5)).well());
            silent.close();
            assertTrue(prober.attempt(tcp(silent.getLocalPort()), Obj.of(), "c", "127.0.0.1", Duration.ofSeconds(5)).message()
                    .startsWith("dial tcp 127.0.0.1:"));
        }
    }

    private static Obj tcp(int port) {
        return Obj.of("tcpSocket", Obj.of("port", port));
    }

    @Test
    void grpcIsRefusedClearly() throws InterruptedException {
        assertTrue(prober.attempt(Obj.parse("{\"grpc\":{\"port\":1}}"), Obj.of(), "c", "", Duration.ofSeconds(1)).message()
                .startsWith("grpc probes are not supported"));
    }

    @Test
    void portsByNumberAndName() {
        Obj container = Obj.parse("{\"ports\":[{\"name\":\"web\",\"containerPort\":8080}]}");
        assertEquals(OptionalInt.of(80), Prober.port(Obj.parse("{\"port\":80}"), container));
        assertEquals(OptionalInt.of(80), Prober.port(Obj.parse("{\"port\":\"80\"}"), container));
        assertEquals(OptionalInt.of(8080), Prober.port(Obj.parse("{\"port\":\"web\"}"), container));
        assertEquals(OptionalInt.empty(), Prober.port(Obj.parse("{\"port\":\"no\"}"), container));
    }
}
