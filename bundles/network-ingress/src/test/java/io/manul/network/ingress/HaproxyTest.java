package io.manul.network.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.manul.api.testing.TestPki;
import io.manul.client.Events;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The room on a real HAProxy (Debian's package haproxy), with pods that are servers of this JVM. */
@Timeout(120)
class HaproxyTest {

    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

    private final FakeWorld world = new FakeWorld();
    private final List<HttpServer> pods = new ArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Path folder;
    private Places places;
    private int http;
    private int https;
    private Syncer syncer;
    private Thread thread;

    @BeforeEach
    void begin() throws Exception {
        assertTrue(Files.isExecutable(PROGRAM), "needs HAProxy; on Debian: apt-get install haproxy");
        folder = Files.createTempDirectory(Path.of("/tmp"), "manul-ing", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        places = new Places(folder.resolve("i"));
        http = freePort();
        https = freePort();
        start();
    }

    /** Below the range that the kernel hands out, so that no connection of anybody takes it meanwhile. */
    private static int freePort() {
        for (int i = 0; i < 100; i++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException e) {
                continue; // somebody's
            }
        }
        throw new AssertionError("no port is free between 20000 and 30000");
    }

    private void start() {
        Admin admin = Admin.at(places.admin());
        Haproxy haproxy = new Haproxy(places, new Config(places, false, http, https, false), List.of(PROGRAM), new TestPki("n"), admin);
        syncer = new Syncer(world, haproxy, admin, places, i -> { }, new Events() {
            @Override
            public void normal(Obj about, String reason, String message) {
            }

            @Override
            public void warning(Obj about, String reason, String message) {
                told.add(reason + ": " + message);
            }

            @Override
            public void close() {
            }
        });
        thread = Thread.ofVirtual().start(syncer);
    }

    private void stopRoom() throws InterruptedException {
        syncer.close();
        assertTrue(thread.join(Duration.ofSeconds(5)), "the room did not end");
    }

    @AfterEach
    void end() throws Exception {
        stopRoom();
        if (Files.exists(places.pidFile())) {
            ProcessHandle.of(Long.parseLong(Files.readString(places.pidFile()).strip())).ifPresent(p -> {
                p.descendants().forEach(ProcessHandle::destroyForcibly);
                p.destroyForcibly();
            });
        }
        pods.forEach(p -> p.stop(0));
        try (var all = Files.walk(folder)) {
            for (Path p : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    /** A pod that answers with its name, the path and a header. */
    private int pod(String name) throws IOException {
        HttpServer pod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        pod.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        pod.createContext("/", x -> {
            x.getRequestBody().readAllBytes();
            byte[] answer = (name + " " + x.getRequestURI() + " " + x.getRequestHeaders().getFirst("X-Forwarded-Proto") + " "
                    + x.getRequestHeaders().getFirst("X-Forwarded-For")).getBytes(StandardCharsets.UTF_8);
            x.sendResponseHeaders(200, answer.length);
            x.getResponseBody().write(answer);
            x.close();
        });
        pod.start();
        pods.add(pod);
        return pod.getAddress().getPort();
    }

    /** Status and text of a GET with this Host. */
    private String get(String host, String path) throws IOException {
        return request("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n");
    }

    private String request(String head) throws IOException {
        try (Socket s = new Socket(InetAddress.getLoopbackAddress(), http)) {
            s.setSoTimeout(20_000);
            s.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            String all = new String(s.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return all.substring(9, 12) + " " + all.substring(all.indexOf("\r\n\r\n") + 4).strip();
        }
    }

    private void put(Obj ingress) {
        world.put(ingress);
        syncer.changed();
    }

    private static void await(String what, String wanted, Callable<String> seen) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        String now = "";
        while (System.nanoTime() < end) {
            try {
                now = seen.call();
            } catch (IOException e) {
                now = e.toString();
            }
            if (now.startsWith(wanted)) {
                return;
            }
            Thread.sleep(10);
        }
        assertEquals(wanted, now, what);
    }

    @Test
    void requestsFindTheirWay() throws Exception {
        for (String name : List.of("root", "cart", "exact", "wild", "any", "rest")) {
            world.service(name, pod(name));
        }
        Obj ingress = FakeWorld.ingress("one", "shop.test", "/", "Prefix", "root", "shop.test", "/cart/", "Prefix", "cart", "shop.test", "/cart", "Exact", "exact",
                "*.shop.test", "/", "Prefix", "wild", "", "/any", "Prefix", "any");
        ingress.at("spec").put("defaultBackend", FakeWorld.backend("rest"));
        put(ingress);
        await("the first way", "200 root / http 127.0.0.1", () -> get("shop.test", "/"));
        Map<List<String>, String> table = Map.ofEntries(
                Map.entry(List.of("SHOP.test:80", "/x"), "200 root /x"), Map.entry(List.of("shop.test", "/cart"), "200 exact"),
                Map.entry(List.of("shop.test", "/cart/"), "200 cart"), Map.entry(List.of("shop.test", "/cart/a?b=c"), "200 cart /cart/a?b=c"),
                Map.entry(List.of("shop.test", "/cartoon"), "200 root"), Map.entry(List.of("a.shop.test", "/"), "200 wild"),
                Map.entry(List.of("b.a.shop.test", "/"), "200 rest"), Map.entry(List.of("other.test", "/any"), "200 any"),
                Map.entry(List.of("other.test", "/anything"), "200 rest"));
        for (Map.Entry<List<String>, String> row : table.entrySet()) {
            String seen = get(row.getKey().get(0), row.getKey().get(1));
            assertTrue(seen.startsWith(row.getValue()), row + " but " + seen);
        }
        ingress.at("spec").remove("defaultBackend");
        put(ingress);
        await("no way", "404 404 page not found", () -> get("other.test", "/"));
        world.drop("Ingress", "default", "one");
        put(FakeWorld.ingress("two", "shop.test", "/only", "Prefix", "gone"));
        await("a Service without pods", "503", () -> get("shop.test", "/only"));
        await("what went", "404", () -> get("shop.test", "/"));
    }

    @Test
    void certificatesByNameRedirectAndLimits() throws Exception {
        world.service("a", pod("a"));
        Certs one = Certs.make(folder, "one.test");
        world.secret("one", one.certificate(), one.key());
        world.secret("mixed", one.certificate(), Certs.make(folder, "two.test").key());
        Obj ingress = FakeWorld.ingress("one", "one.test", "/", "Prefix", "a", "plain.test", "/", "Prefix", "a");
        ingress.at("spec").put("tls", List.of(Obj.of("hosts", List.of("one.test"), "secretName", "one"), Obj.of("hosts", List.of("mixed.test"), "secretName", "mixed")));
        ingress.set(Map.of("ingress.manul.io/proxy-body-size", "10"), "metadata", "annotations");
        put(ingress);
        await("a redirect", "308", () -> get("one.test", "/x"));
        await("its certificate", "CN=one.test", () -> subject("one.test"));
        assertEquals("CN=manul ingress default certificate", subject("mixed.test"));
        assertEquals(List.of("InvalidSecret: TLS secret default/mixed cannot be used: tls.key does not belong to the first certificate of tls.crt; "
                + Certificates.INSTEAD), told);
        assertTrue(request("POST / HTTP/1.1\r\nHost: plain.test\r\nContent-Length: 11\r\nConnection: close\r\n\r\n12345678901").startsWith("413"));
        assertTrue(request("POST / HTTP/1.1\r\nHost: plain.test\r\nContent-Length: 10\r\nConnection: close\r\n\r\n1234567890").startsWith("200"));

        Certs next = Certs.make(folder, "next.test");
        world.secret("one", next.certificate(), next.key());
        syncer.changed();
        await("the renewed certificate", "CN=next.test", () -> subject("one.test"));
        ingress.at("spec").put("tls", List.of(Obj.of("hosts", List.of("one.test", "more.test"), "secretName", "one")));
        put(ingress);
        await("another name", "CN=next.test", () -> subject("more.test"));
        assertEquals("CN=next.test", subject("one.test"));
    }

    private String subject(String host) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, Certs.TRUST_ALL, null);
        try (SSLSocket s = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), https)) {
            SSLParameters p = s.getSSLParameters();
            p.setServerNames(List.of(new SNIHostName(host)));
            s.setSSLParameters(p);
            s.startHandshake();
            return ((X509Certificate) s.getSession().getPeerCertificates()[0]).getSubjectX500Principal().toString();
        }
    }

    /** Pods, ways and certificates change, this room is replaced, more backends are needed than stand ready: nobody notices. */
    @Test
    void noRequestIsLostWhileEverythingChanges() throws Exception {
        int first = pod("first");
        int second = pod("second");
        world.service("a", first);
        put(FakeWorld.ingress("one", "", "/", "Prefix", "a"));
        await("the first answer", "200", () -> get("load.test", "/"));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<String> lost = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            callers.add(Thread.ofVirtual().start(() -> {
                HttpRequest ask = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/")).header("x-n", "1").timeout(Duration.ofSeconds(20)).build();
                while (!over.get()) {
                    try {
                        HttpResponse<String> r = client.send(ask, HttpResponse.BodyHandlers.ofString());
                        if (r.statusCode() != 200) {
                            lost.add(r.statusCode() + " " + r.body());
                        }
                        answered.incrementAndGet();
                    } catch (IOException e) {
                        lost.add(e.toString());
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }));
        }
        for (int i = 0; i < 10; i++) {
            world.service("a", i % 3 == 0 ? new int[] {first, second} : i % 3 == 1 ? new int[] {second} : new int[] {first});
            world.put(FakeWorld.ingress("other", "x" + i + ".test", "/", "Prefix", "a"));
            syncer.changed();
            int change = i;
            await("change " + i, "b0", () -> Admin.at(places.admin()).ask("show map " + places.prefix()).lines()
                    .filter(l -> l.contains("x" + change + ".test")).map(l -> l.replaceFirst(".* ", "")).findFirst().orElse(""));
            if (i == 4) {
                stopRoom();
                start();
            }
        }
        for (int i = 0; i < 100; i++) {
            world.service("s" + i, second);
            world.put(FakeWorld.ingress("s" + i, "s" + i + ".test", "/", "Prefix", "s" + i));
        }
        syncer.changed();
        await("a backend beyond the first ones", "200 second", () -> get("s99.test", "/"));
        await("more than 100 answers", "true", () -> String.valueOf(answered.get() > 100 || !lost.isEmpty()));
        over.set(true);
        for (Thread t : callers) {
            t.join();
        }
        assertEquals(List.of(), lost);
    }

    @Test
    void aFaultOfOursIsCountedAndTheLoopGoesOn() throws Exception {
        world.service("a", pod("a"));
        world.faults = 1;
        put(FakeWorld.ingress("one", "x.test", "/", "Prefix", "a"));
        await("the answer after the fault", "200", () -> get("x.test", "/"));
        assertEquals(1, syncer.failures.get());
        assertEquals("", syncer.trouble);
    }

    @Test
    void aKilledHaproxyComesBack() throws Exception {
        world.service("a", pod("a"));
        put(FakeWorld.ingress("one", "x.test", "/", "Prefix", "a"));
        await("the first answer", "200", () -> get("x.test", "/"));
        ProcessHandle master = ProcessHandle.of(Long.parseLong(Files.readString(places.pidFile()).strip())).orElseThrow();
        master.descendants().forEach(ProcessHandle::destroyForcibly);
        master.destroyForcibly();
        await("the answer after kill -9", "200", () -> get("x.test", "/"));
    }

    @Test
    void anUpgradedConnectionOutlivesTheRoom() throws Exception {
        try (ServerSocket pod = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket s = pod.accept()) {
                    byte[] head = new byte[4096];
                    assertTrue(s.getInputStream().read(head) > 0);
                    s.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    s.getInputStream().transferTo(s.getOutputStream());
                } catch (IOException e) {
                    told.add(e.toString());
                }
            });
            world.service("a", pod.getLocalPort());
            world.service("b", pod("b"));
            put(FakeWorld.ingress("one", "x.test", "/", "Prefix", "a", "ready.test", "/", "Prefix", "b"));
            await("the ways", "200", () -> get("ready.test", "/"));
            try (Socket s = new Socket(InetAddress.getLoopbackAddress(), http)) {
                s.setSoTimeout(20_000);
                s.getOutputStream().write(("GET / HTTP/1.1\r\nHost: x.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(new byte[16]) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                byte[] head = new byte[4096];
                String answer = new String(head, 0, s.getInputStream().read(head), StandardCharsets.US_ASCII);
                assertTrue(answer.startsWith("HTTP/1.1 101"), answer);
                stopRoom();
                s.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
                assertEquals("ping", new String(s.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
                start();
                world.drop("Ingress", "default", "one");
                put(FakeWorld.ingress("two", "y.test", "/", "Prefix", "a"));
                await("the next version acts", "404", () -> get("ready.test", "/"));
                s.getOutputStream().write("pong".getBytes(StandardCharsets.US_ASCII));
                assertEquals("pong", new String(s.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
            }
        }
    }
}
