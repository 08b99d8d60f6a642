package io.manul.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WholeRequestsTest {

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(Limits.DEFAULT, Duration.ofMillis(50));
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private static String seen(Exchange x) {
        return x.method() + " " + x.path() + " " + x.query() + " " + x.target() + " " + x.header("x-test").orElse("-") + " "
                + x.body().length;
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void carriesWhatTheClientSent(HttpClient.Version version) throws Exception {
        bench.serve(x -> x.reply(201, Map.of("Content-Type", "text/plain", "x-more", "a"), seen(x).getBytes()));
        HttpResponse<String> got = bench.client(version).send(bench.request("/a%20b/c?x=1&x=2&y=%C3%A4+b&z")
                .header("X-Test", "t").POST(BodyPublishers.ofByteArray(new byte[100_000])).build(), BodyHandlers.ofString());
        assertEquals(version, got.version());
        assertEquals(201, got.statusCode());
        assertEquals("text/plain", got.headers().firstValue("content-type").orElseThrow());
        assertEquals("a", got.headers().firstValue("x-more").orElseThrow());
        assertEquals("POST /a b/c {x=[1, 2], y=[\u00e4 b], z=[]} /a%20b/c?x=1&x=2&y=%C3%A4+b&z t 100000",
                got.body());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void showsTheClientsCertificate(HttpClient.Version version) throws Exception {
        bench.serve(x -> x.reply(200, Bench.TEXT, (x.peer() instanceof Peer.Remote r
                ? r.chain().getFirst().getSubjectX500Principal() + " " + r.address() : "?").getBytes()));
        HttpClient client = bench.client(version);
        for (int i = 0; i < 3; i++) {
            String body = client.send(bench.request("/").build(), BodyHandlers.ofString()).body();
            assertTrue(body.matches("CN=someone 127\\.0\\.0\\.1:\\d+"), body);
        }
    }

    @Test
    void aClientWithoutACertificateIsServed() throws Exception {
        bench.serve(x -> x.reply(200, Bench.TEXT, ("" + ((Peer.Remote) x.peer()).chain().size()).getBytes()));
        try (RawClient raw = bench.raw()) {
            assertEquals("0", raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().body());
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void sendsTenMegabytes(HttpClient.Version version) throws Exception {
        byte[] big = new byte[10 << 20];
        new Random(7).nextBytes(big);
        bench.serve(x -> x.reply(200, Map.of("content-type", "application/octet-stream"), big));
        assertArrayEquals(big, bench.client(version).send(bench.request("/").build(), BodyHandlers.ofByteArray()).body());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void answersHeadWithoutBody(HttpClient.Version version) throws Exception {
        bench.serve(x -> x.reply(200, Bench.TEXT, "hello".getBytes()));
        HttpClient client = bench.client(version);
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> got = client.send(bench.request("/").HEAD().build(), BodyHandlers.ofString());
            assertEquals("", got.body());
            assertEquals("5", got.headers().firstValue("content-length").orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void refusesABodyThatIsTooLarge(HttpClient.Version version) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        bench.serve(x -> {
            calls.incrementAndGet();
            x.reply(200, Bench.TEXT, ("" + x.body().length).getBytes());
        });
        HttpClient client = bench.client(version);
        HttpResponse<String> fits = client.send(bench.request("/")
                .POST(BodyPublishers.ofByteArray(new byte[Exchange.MAX_BODY])).build(), BodyHandlers.ofString());
        assertEquals("" + Exchange.MAX_BODY, fits.body());
        HttpResponse<String> not = client.send(bench.request("/")
                .POST(BodyPublishers.ofByteArray(new byte[Exchange.MAX_BODY + 1])).build(), BodyHandlers.ofString());
        assertEquals(413, not.statusCode());
        assertTrue(not.body().contains("\"reason\":\"RequestEntityTooLarge\""), not.body());
        assertEquals(1, calls.get());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aClosedGateIsUnavailable(HttpClient.Version version) throws Exception {
        HttpResponse<String> got = bench.client(version).send(bench.request("/").build(), BodyHandlers.ofString());
        assertEquals(503, got.statusCode());
        assertEquals("1", got.headers().firstValue("retry-after").orElseThrow());
        assertEquals("application/json", got.headers().firstValue("content-type").orElseThrow());
        assertTrue(got.body().contains("\"kind\":\"Status\"") && got.body().contains("\"reason\":\"ServiceUnavailable\""),
                got.body());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void anExceptionIsAnInternalErrorWithoutInternals(HttpClient.Version version) throws Exception {
        Handler secret = x -> {
            throw new IllegalStateException("secret");
        };
        bench.serve(secret);
        HttpResponse<String> got = bench.client(version).send(bench.request("/").build(), BodyHandlers.ofString());
        assertEquals(500, got.statusCode());
        assertTrue(got.body().contains("\"reason\":\"InternalError\""), got.body());
        assertFalse(got.body().contains("secret"), got.body());
        assertEquals(1, bench.gate("apiserver").current().orElseThrow().failed());
    }

    @Test
    void aHandlerThatAnswersNothingHasFailed() throws Exception {
        bench.serve(x -> { });
        assertEquals(500, bench.client(HttpClient.Version.HTTP_2).send(bench.request("/").build(),
                BodyHandlers.ofString()).statusCode());
    }

    @Test
    void theKubeletHasItsOwnPort() throws Exception {
        bench.serve("kubelet", x -> x.reply(200, Bench.TEXT, "kubelet".getBytes()));
        assertEquals("kubelet", bench.client(HttpClient.Version.HTTP_2).send(java.net.http.HttpRequest.newBuilder(
                java.net.URI.create("https://localhost:" + bench.server.kubeletPort() + "/")).build(),
                BodyHandlers.ofString()).body());
    }

    @Test
    void aRenewedCertificateIsServedWithoutARestart() throws Exception {
        bench.serve(x -> x.reply(200, Bench.TEXT, new byte[0]));
        try (RawClient raw = bench.raw()) {
            assertEquals("CN=serving", subject(raw));
        }
        bench.serving.set(Keys.identity(Keys.store("renewed"), "renewed"));
        try (RawClient raw = bench.raw()) {
            assertEquals("CN=renewed", subject(raw));
        }
    }

    private static String subject(RawClient raw) throws Exception {
        return ((java.security.cert.X509Certificate) ((javax.net.ssl.SSLSocket) raw.socket).getSession()
                .getPeerCertificates()[0]).getSubjectX500Principal().getName();
    }
}
