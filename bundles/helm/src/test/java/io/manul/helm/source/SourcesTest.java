package io.manul.helm.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.manul.helm.HelmException;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository, a registry and files, served by this JVM. */
class SourcesTest {

    private static final byte[] CHART = "a chart".getBytes(StandardCharsets.US_ASCII);
    private static final Access PLAIN = new Access(Optional.empty(), false, Optional.empty(), Optional.empty(), false, true);

    @TempDir
    private Path folder;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, String> asked = new ConcurrentHashMap<>();
    private HttpServer server;
    private String base;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        base = "127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", x -> {
            String path = x.getRequestURI().toString();
            String authorization = Optional.ofNullable(x.getRequestHeaders().getFirst("Authorization")).orElse("");
            asked.put(path, authorization);
            String answer = answers.getOrDefault(path, "404 ");
            if (answer.startsWith("401 ") && !authorization.isEmpty()) {
                answer = "200 " + answer.substring(answer.indexOf('\n') + 1);
            } else if (answer.startsWith("401 ")) {
                x.getResponseHeaders().set("WWW-Authenticate", answer.substring(4, answer.indexOf('\n')));
                answer = "401 ";
            } else if (answer.startsWith("302 ")) {
                x.getResponseHeaders().set("Location", answer.substring(4));
            }
            byte[] body = answer.substring(4).getBytes(StandardCharsets.US_ASCII);
            x.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length == 0 ? -1 : body.length);
            x.getResponseBody().write(body);
            x.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private byte[] fetch(Access access, Object... spec) throws HelmException, InterruptedException {
        return new Sources(folder).fetch(Obj.of(spec), access);
    }

    private String refusal(Access access, Object... spec) {
        return assertThrows(HelmException.class, () -> fetch(access, spec)).getMessage().replace(base, "HOST");
    }

    @Test
    void contentStaticFilesAndUrls() throws Exception {
        assertArrayEquals(CHART, fetch(Access.OPEN, "chartContent", Base64.getEncoder().encodeToString(CHART), "chart", "not looked at"));
        Files.createDirectories(folder.resolve("charts"));
        Files.write(folder.resolve("charts/a.tgz"), CHART);
        assertArrayEquals(CHART, fetch(Access.OPEN, "chart", "https://%{KUBERNETES_API}%/static/charts/a.tgz"));
        assertTrue(refusal(Access.OPEN, "chart", "https://%{KUBERNETES_API}%/static/../secret").contains("does not lie below /static/"));
        assertTrue(refusal(Access.OPEN, "chart", "https://%{KUBERNETES_API}%/static/none.tgz").contains("there is no "));
        answers.put("/a.tgz", "302 /b.tgz");
        answers.put("/b.tgz", "200 a chart");
        assertArrayEquals(CHART, fetch(Access.OPEN, "chart", "http://" + base + "/a.tgz"));
        assertEquals("failed to fetch http://HOST/c.tgz : 404", refusal(Access.OPEN, "chart", "http://" + base + "/c.tgz"));
        assertEquals("spec.chart \"x\" is neither a URL nor oci://, and spec.repo is empty", refusal(Access.OPEN, "chart", "x"));
    }

    @Test
    void aRepositoryByItsIndex() throws Exception {
        String good = Registry.sha256(CHART);
        answers.put("/r/index.yaml", "200 entries: {web: [{version: 1.0.0, urls: [charts/web-1.0.0.tgz], digest: " + good + "}, {version: 2.0.0, urls: [web-2.tgz], digest: abc}]}");
        answers.put("/r/charts/web-1.0.0.tgz", "200 a chart");
        answers.put("/r/web-2.tgz", "200 a chart");
        Access basic = new Access(Optional.of("user:secret"), false, Optional.empty(), Optional.empty(), false, false);
        assertArrayEquals(CHART, fetch(basic, "repo", "http://" + base + "/r", "chart", "web", "version", "~1.0"));
        assertEquals("Basic " + Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.US_ASCII)), asked.get("/r/charts/web-1.0.0.tgz"));
        assertEquals("http://HOST/r/web-2.tgz does not have the digest that the index of http://HOST/r/ names", refusal(basic, "repo", "http://" + base + "/r", "chart", "web"));
        assertEquals("chart \"web\" version \"^9\" not found in http://HOST/r/ repository", refusal(basic, "repo", "http://" + base + "/r", "chart", "web", "version", "^9"));
        assertEquals("chart \"none\" not found in http://HOST/r/ repository", refusal(basic, "repo", "http://" + base + "/r", "chart", "none"));
    }

    @Test
    void credentialsDoNotFollowToAnotherHost() throws Exception {
        answers.put("/r/index.yaml", "200 entries: {web: [{version: 1.0.0, urls: ['http://localhost:" + server.getAddress().getPort() + "/x.tgz']}]}");
        answers.put("/x.tgz", "200 a chart");
        Access basic = new Access(Optional.of("user:secret"), false, Optional.empty(), Optional.empty(), false, false);
        fetch(basic, "repo", "http://" + base + "/r", "chart", "web");
        assertEquals("", asked.get("/x.tgz"));
        fetch(new Access(Optional.of("user:secret"), true, Optional.empty(), Optional.empty(), false, false), "repo", "http://" + base + "/r", "chart", "web");
        assertTrue(asked.get("/x.tgz").startsWith("Basic "));
    }

    @Test
    void aRegistryWithTokens() throws Exception {
        String digest = "sha256:" + Registry.sha256(CHART);
        String challenge = "401 Bearer realm=\"http://" + base + "/token\",service=\"s\",scope=\"repository:charts/web:pull\"\n";
        answers.put("/v2/charts/web/tags/list", challenge + "{\"tags\":[\"1.0.0\",\"1.1.0_build\"]}");
        answers.put("/token?service=s&scope=repository%3Acharts%2Fweb%3Apull", "200 {\"token\":\"t\"}");
        answers.put("/v2/charts/web/manifests/1.1.0_build", "200 {\"layers\":[{\"mediaType\":\"application/vnd.cncf.helm.chart.content.v1.tar+gzip\",\"digest\":\"" + digest + "\"}]}");
        answers.put("/v2/charts/web/blobs/" + digest, "200 a chart");
        Access docker = new Access(Optional.empty(), false, Optional.of("{\"auths\":{\"" + base + "\":{\"username\":\"u\",\"password\":\"p\"}}}"), Optional.empty(), false, true);
        assertArrayEquals(CHART, fetch(docker, "chart", "oci://" + base + "/charts/web", "version", ">1.0"));
        assertEquals("Bearer t", asked.get("/v2/charts/web/blobs/" + digest));
        assertTrue(asked.get("/token?service=s&scope=repository%3Acharts%2Fweb%3Apull").startsWith("Basic "));
        assertArrayEquals(CHART, fetch(docker, "repo", "oci://" + base + "/charts", "chart", "web", "version", "1.1.0+build"));
        answers.put("/v2/charts/web/blobs/" + digest, "200 another");
        assertEquals("oci://HOST/charts/web:1.1.0_build: the content does not have the digest " + digest, refusal(docker, "chart", "oci://" + base + "/charts/web", "version", "1.1.0+build"));
        assertEquals("http://HOST/v2/none/tags/list answers 404", refusal(PLAIN, "chart", "oci://" + base + "/none"));
        assertEquals("oci://host is no OCI reference: oci://HOST/REPOSITORY is expected", refusal(PLAIN, "chart", "oci://host"));
    }
}
