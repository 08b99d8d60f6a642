package io.manul.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Loopback;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An API that is there and then is not, and a node that starts anew meanwhile. */
@Timeout(30)
class RememberingTest {

    private static final String PODS = "/api/v1/pods?limit=500&fieldSelector=spec.nodeName%3Dn1";
    private static final String SECRET = "/api/v1/namespaces/d/secrets/s";

    @TempDir
    private Path folder;
    private final Map<String, String> api = new HashMap<>();
    private final Deque<String> events = new ArrayDeque<>();
    private boolean there = true;

    private final Transport real = new Transport() {
        @Override
        public Loopback.Response call(String method, String target, Map<String, String> headers, byte[] body) throws IOException {
            if (!there) {
                throw new IOException("no route to host");
            }
            String text = api.get(target);
            return new Loopback.Response(text == null ? 404 : 200, Map.of(), (text == null ? "{}" : text).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Loopback.Stream open(String target, Map<String, String> headers) throws IOException {
            if (!there) {
                throw new IOException("no route to host");
            }
            return new Loopback.Stream() {
                @Override
                public int status() {
                    return 200;
                }

                @Override
                public Optional<byte[]> next(Duration wait) {
                    return Optional.of((events.pop() + "\n").getBytes(StandardCharsets.UTF_8));
                }

                @Override
                public boolean ended() {
                    return events.isEmpty();
                }

                @Override
                public void close() {
                    events.clear();
                }
            };
        }
    };

    private static String pod(String name, String version, String secret) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"d\",\"uid\":\"u-" + name + "\",\"resourceVersion\":\"" + version
                + "\"},\"spec\":{\"volumes\":[{\"secret\":{\"secretName\":\"" + secret + "\"}}]}}";
    }

    private static String list(String version, String... pods) {
        return "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + String.join(",", pods) + "]}";
    }

    private static String get(Transport t, String target) throws Exception {
        return new String(t.call("GET", target, Map.of("accept", "application/json"), new byte[0]).body(), StandardCharsets.UTF_8);
    }

    @Test
    void whatWasSeenIsKnownAfterARebootWithoutServers() throws Exception {
        api.put(PODS, list("5", pod("a", "3", "s"), pod("b", "4", "t")));
        api.put(SECRET, "{\"metadata\":{\"name\":\"s\"},\"data\":{\"k\":\"dg==\"}}");
        try (Shelf shelf = new Shelf(folder.resolve("m"))) {
            Transport t = new Remembering(real, shelf);
            get(t, PODS);
            get(t, SECRET);
            events.addAll(List.of("{\"type\":\"MODIFIED\",\"object\":" + pod("a", "6", "s") + "}", "{\"type\":\"DELETED\",\"object\":" + pod("b", "7", "t") + "}",
                    "{\"type\":\"ADDED\",\"object\":" + pod("c", "8", "s") + "}"));
            try (Loopback.Stream s = t.open("/api/v1/pods?watch=1&resourceVersion=5&fieldSelector=spec.nodeName%3Dn1", Map.of("accept", "application/json"))) {
                while (!s.ended()) {
                    s.next(Duration.ofSeconds(1));
                }
            }
        }
        there = false;
        try (Shelf shelf = new Shelf(folder.resolve("m"))) {
            Transport t = new Remembering(real, shelf);
            Obj pods = Obj.parse(get(t, PODS));
            assertEquals("8", pods.text("metadata", "resourceVersion"));
            assertEquals(List.of("a 6", "c 8"), pods.objects("items").stream().map(o -> o.name() + " " + o.resourceVersion()).sorted().toList());
            assertEquals("dg==", Obj.parse(get(t, SECRET)).text("data", "k"));
            assertThrows(IOException.class, () -> get(t, "/api/v1/namespaces/d/secrets/never-seen"));
            assertThrows(IOException.class, () -> get(t, "/api/v1/pods?limit=500"), "another list");
            assertThrows(IOException.class, () -> t.call("PATCH", SECRET, Map.of(), new byte[0]), "nothing is written from memory");
        }
    }

    @Test
    void itIsForRootOnlyAndForgetsWhatNoPodNeeds() throws Exception {
        api.put(PODS, list("5", pod("a", "3", "s"), pod("b", "4", "t")));
        api.put(SECRET, "{\"metadata\":{\"name\":\"s\"}}");
        api.put("/api/v1/namespaces/d/secrets/t", "{\"metadata\":{\"name\":\"t\"}}");
        try (Shelf shelf = new Shelf(folder.resolve("m"))) {
            Transport t = new Remembering(real, shelf);
            get(t, PODS);
            get(t, SECRET);
            get(t, "/api/v1/namespaces/d/secrets/t");
        }
        try (Stream<Path> all = Files.walk(folder.resolve("m"))) {
            for (Path p : all.toList()) {
                assertTrue(PosixFilePermissions.toString(Files.getPosixFilePermissions(p)).endsWith("------"), p.toString());
            }
        }
        api.put(PODS, list("9", pod("a", "3", "s")));
        try (Shelf shelf = new Shelf(folder.resolve("m"))) {
            get(new Remembering(real, shelf), PODS);
        }
        try (Stream<Path> all = Files.list(folder.resolve("m/one"))) {
            List<String> kept = all.map(p -> p.toFile().length() > 0 ? first(p) : "").toList();
            assertEquals(List.of(SECRET), kept);
        }
    }

    private static String first(Path p) {
        try {
            return Files.readString(p).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aDamagedFileIsNotBelieved() throws Exception {
        api.put(SECRET, "{\"metadata\":{\"name\":\"s\"}}");
        try (Shelf shelf = new Shelf(folder.resolve("m"))) {
            get(new Remembering(real, shelf), SECRET);
        }
        try (Stream<Path> all = Files.list(folder.resolve("m/one"))) {
            Path file = all.findFirst().orElseThrow();
            Files.writeString(file, Files.readString(file).substring(0, SECRET.length() + 5));
        }
        there = false;
        try (Shelf shelf = new Shelf(folder.resolve("m"))) {
            assertThrows(IOException.class, () -> get(new Remembering(real, shelf), SECRET));
        }
    }
}
