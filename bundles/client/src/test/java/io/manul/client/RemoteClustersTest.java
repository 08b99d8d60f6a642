package io.manul.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.manul.json.Obj;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against an HTTPS server of the JDK that knows one list, one watch and one token. */
@Timeout(60)
class RemoteClustersTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;
    private HttpsServer server;
    private final BlockingQueue<String> watched = new LinkedBlockingQueue<>();

    private KeyStore keys(String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "s",
                "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", new String(PASSWORD)).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static String pem(Certificate c) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(c.getEncoded()) + "\n-----END CERTIFICATE-----\n";
    }

    private String ca;

    @BeforeEach
    void open() throws Exception {
        KeyStore keys = keys("server");
        ca = pem(keys.getCertificate("s"));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/pods", this::pods);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void pods(HttpExchange x) throws IOException {
        if (!"Bearer t1".equals(x.getRequestHeaders().getFirst("Authorization"))) {
            answer(x, 401, "{\"kind\":\"Status\",\"reason\":\"Unauthorized\",\"message\":\"Unauthorized\"}");
        } else if (x.getRequestURI().getQuery().contains("watch=1")) {
            x.sendResponseHeaders(200, 0);
            try {
                for (String next = watched.take(); !next.isEmpty(); next = watched.take()) {
                    x.getResponseBody().write(next.getBytes(StandardCharsets.UTF_8));
                    x.getResponseBody().flush();
                }
                x.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            answer(x, 200, "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"4\"}}]}");
        }
    }

    private static void answer(HttpExchange x, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        x.sendResponseHeaders(status, bytes.length);
        x.getResponseBody().write(bytes);
        x.close();
    }

    private Cluster cluster(String caPem, String token) throws Exception {
        return RemoteClusters.withToken(URI.create("https://127.0.0.1:" + server.getAddress().getPort()), caPem, token, "test");
    }

    @Test
    void listsAndWatchesOverHttps() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Informer pods = cluster(ca, "t1").informer(Resources.PODS, Selection.ALL).listen(c -> told.add(c.kind() + " " + c.object().name())).start();
        assertEquals("ADDED a", told.poll(20, TimeUnit.SECONDS));
        watched.add("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"b\",\"resourceVersion\":\"6\"}}}\n{\"type\":\"DELE");
        assertEquals("ADDED b", told.poll(20, TimeUnit.SECONDS));
        watched.add("TED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"7\"}}}\n");
        assertEquals("DELETED a", told.poll(20, TimeUnit.SECONDS));
        watched.add(""); // the server ends the stream: the client comes again
        watched.add("{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"b\",\"resourceVersion\":\"8\"}}}\n");
        assertEquals("MODIFIED b", told.poll(20, TimeUnit.SECONDS));
        long begun = System.nanoTime();
        pods.close();
        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(5), "an open stream does not hold up the close");
        watched.add("");
    }

    @Test
    void aWrongTokenIsARefusal() throws Exception {
        Cluster cluster = cluster(ca, "t2");
        ClusterException e = assertThrows(ClusterException.class, () -> cluster.list(Resources.PODS, Selection.ALL));
        assertEquals(401, e.code());
        assertEquals("Unauthorized", e.reason());
    }

    @Test
    void aServerOfAnotherCaIsNotTalkedTo() throws Exception {
        Cluster cluster = cluster(pem(keys("other").getCertificate("s")), "t1");
        ClusterException e = assertThrows(ClusterException.class, () -> cluster.create(Resources.PODS, "d", Obj.of("metadata", Obj.of("name", "a"))));
        assertEquals(0, e.code());
        assertTrue(e.getMessage().startsWith("POST /api/v1/namespaces/d/pods: the API is not reached: "), e.getMessage());
    }
}
