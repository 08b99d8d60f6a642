package io.manul.apiserver.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import io.manul.datastore.testing.MemoryDatastore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DATA/server/static at /static/: for everybody, and nothing else of the disk. */
@Timeout(60)
class StaticFilesTest {

    private static final Peer NOBODY = new Peer.Internal("system:anonymous", List.of("system:unauthenticated"), "test");

    @TempDir
    private Path data;

    private TestExchange ask(String method, String path) throws Exception {
        Files.createDirectories(data.resolve("server/static/charts"));
        Files.write(data.resolve("server/static/charts/web.tgz"), content());
        Files.writeString(data.resolve("server/secret"), "secret");
        Files.createSymbolicLink(data.resolve("server/static/out"), data.resolve("server/secret"));
        try (MemoryDatastore store = new MemoryDatastore()) {
            ApiServer server = new ApiServer(store, new TestPki("n1"), new TestSettings("n1", data, Map.of("node-ip", "192.0.2.1")), InstantSource.system());
            server.begin(new byte[0]);
            TestExchange x = new TestExchange(method, path, Map.of(), new byte[0], NOBODY);
            ((Handler) server.offers().get(Handler.class)).handle(x);
            server.end();
            return x;
        }
    }

    /** More than one piece. */
    private static byte[] content() {
        byte[] bytes = new byte[200_000];
        new java.util.Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aFileIsSentWhole() throws Exception {
        TestExchange x = ask("GET", "/static/charts/web.tgz");
        assertEquals(200, x.status);
        assertEquals("application/gzip", x.answerHeaders.get("content-type"));
        assertArrayEquals(content(), x.sent());
    }

    @ParameterizedTest
    @CsvSource({"GET, /static/, 404", "GET, /static/charts, 404", "GET, /static/none.tgz, 404", "GET, /static/../secret, 404", "GET, /static/charts/../../secret, 404",
        "GET, /static//etc/passwd, 404", "GET, /static/out, 404", "POST, /static/charts/web.tgz, 403", "HEAD, /static/charts/web.tgz, 200"})
    void answers(String method, String path, int status) throws Exception {
        assertEquals(status, ask(method, path).status);
    }
}
