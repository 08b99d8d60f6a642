package io.manul.apiserver.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a watch sees (Kubernetes, "API concepts": efficient detection of changes), and that another version can go on with it. */
final class WatchTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** A watch, event by event. */
    private final class Watch {
        final TestExchange x;
        private final Deque<String> lines = new ArrayDeque<>();

        Watch(String target, String cursor) {
            this(target, Map.of(), cursor);
        }

        Watch(String target, Map<String, String> headers, String cursor) {
            x = server.stream(target, headers, cursor);
        }

        Obj next() throws InterruptedException {
            while (lines.isEmpty()) {
                String chunk = x.next();
                if (chunk.isEmpty()) {
                    return Obj.of("type", "END");
                }
                chunk.lines().forEach(lines::add);
            }
            return Obj.parse(lines.removeFirst());
        }

        /** "ADDED a", "MODIFIED a", ... */
        String line() throws InterruptedException {
            Obj e = next();
            return e.text("type") + " " + e.text("object", "metadata", "name");
        }

        List<String> take(int n) throws InterruptedException {
            List<String> out = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                out.add(line());
            }
            return out;
        }
    }

    private Obj make(String name, String label) throws Exception {
        return server.good("POST", MAPS, "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"x\":\"" + label + "\"}}}");
    }

    private Obj label(String name, String label) throws Exception {
        TestExchange x = server.ask("PATCH", MAPS + "/" + name, "{\"metadata\":{\"labels\":{\"x\":\"" + label + "\"}}}",
                Map.of("content-type", "application/merge-patch+json"));
        assertEquals(200, x.status);
        return Obj.parse(x.answer);
    }

    @Test
    void beginsWithWhatIsThereAndGoesOn() throws Exception {
        make("a", "1");
        Watch w = new Watch(MAPS + "?watch=true", null);
        assertEquals("ADDED a", w.line());
        make("b", "1");
        Obj changed = label("a", "2");
        assertEquals("ADDED b", w.line());
        Obj event = w.next();
        assertEquals("MODIFIED", event.text("type"));
        assertEquals(changed.resourceVersion(), event.at("object").resourceVersion());
        server.good("DELETE", MAPS + "/b", "");
        Obj gone = w.next();
        assertEquals("DELETED", gone.text("type"));
        assertEquals(Long.toString(server.store.currentRevision()), gone.at("object").resourceVersion(), "the delete's revision");
        w.x.leave();
    }

    @Test
    void overAnUpgradeLikeAnyOther() throws Exception {
        make("a", "1");
        Watch w = new Watch(MAPS + "?watch=true", Map.of("connection", "Upgrade", "upgrade", "websocket"), null);
        assertEquals("ADDED a", w.line());
        assertEquals(200, w.x.status);
        w.x.leave();
    }

    @Test
    void selectorsTurnChangesIntoComingAndGoing() throws Exception {
        String rv = make("a", "1").resourceVersion();
        Watch w = new Watch(MAPS + "?watch=true&labelSelector=x%3D2&resourceVersion=" + rv, null);
        label("a", "2");
        assertEquals("ADDED a", w.line());
        label("a", "3");
        Obj gone = w.next();
        assertEquals("DELETED", gone.text("type"));
        assertEquals("2", gone.at("object").labels().get("x"), "the last state that matched");
        make("b", "1");
        make("c", "2");
        assertEquals("ADDED c", w.line());
        w.x.leave();
    }

    @Test
    void oneNamedObjectAsKubectlWaitsForIt() throws Exception {
        String rv = make("a", "1").resourceVersion();
        Watch w = new Watch(MAPS + "?watch=true&fieldSelector=metadata.name%3Da&resourceVersion=" + rv, null);
        make("ab", "1");
        label("a", "2");
        assertEquals("MODIFIED a", w.line());
        w.x.leave();
    }

    @Test
    void fieldSelectorsOnTheObject() throws Exception {
        Watch w = new Watch("/api/v1/pods?watch=true&fieldSelector=spec.nodeName%3Dn1&resourceVersion="
                + server.store.currentRevision(), null);
        server.good("POST", "/api/v1/namespaces/default/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        server.good("POST", "/api/v1/namespaces/default/pods/p/binding",
                "{\"metadata\":{\"name\":\"p\"},\"target\":{\"kind\":\"Node\",\"name\":\"n1\"}}");
        assertEquals("ADDED p", w.line());
        w.x.leave();
    }

    @Test
    void initialEventsEndWithABookmark() throws Exception {
        make("a", "1");
        Watch w = new Watch(MAPS + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", null);
        assertEquals("ADDED a", w.line());
        Obj mark = w.next();
        assertEquals("BOOKMARK", mark.text("type"));
        assertEquals("true", mark.at("object").annotations().get("k8s.io/initial-events-end"));
        assertEquals(Long.toString(server.store.currentRevision()), mark.at("object").resourceVersion());
        w.x.leave();
        TestExchange bad = server.ask("GET", MAPS + "?watch=true&sendInitialEvents=true", "", Map.of());
        assertEquals(422, bad.status);
    }

    @Test
    void anotherVersionGoesOnWithoutGapOrRepetition() throws Exception {
        make("a", "1");
        Watch w = new Watch(MAPS + "?watch=true", null);
        assertEquals("ADDED a", w.line());
        label("a", "2");
        assertEquals("MODIFIED a", w.line());
        String cursor = w.x.cursor().orElseThrow();
        w.x.leave();
        label("a", "3");
        make("b", "1");
        Watch next = new Watch(MAPS + "?watch=true", cursor);
        assertEquals(List.of("MODIFIED a", "ADDED b"), next.take(2));
        next.x.leave();
    }

    @Test
    void aResumeInsideTheInitialListIsAtItsRevision() throws Exception {
        for (int i = 0; i < 5; i++) {
            make("m" + i, "1");
        }
        long rv = server.store.currentRevision();
        server.good("DELETE", MAPS + "/m3", "");
        make("m9", "1");
        long deadline = System.currentTimeMillis() + 60_000;
        Watch w = new Watch(MAPS + "?watch=true", "1;L;" + rv + ";" + deadline + ";/registry/configmaps/default/m1");
        assertEquals(List.of("ADDED m2", "ADDED m3", "ADDED m4", "DELETED m3", "ADDED m9"), w.take(5));
        w.x.leave();
    }

    @Test
    void compactedRevisionsAreAnErrorEvent() throws Exception {
        String rv = make("a", "1").resourceVersion();
        label("a", "2");
        label("a", "3");
        server.store.compact(server.store.currentRevision());
        Watch w = new Watch(MAPS + "?watch=true&resourceVersion=" + rv, null);
        Obj e = w.next();
        assertEquals("ERROR", e.text("type"));
        assertEquals(410, e.number("object", "code").orElse(0));
        assertEquals("Expired", e.text("object", "reason"));
        assertEquals("END", w.next().text("type"));
    }

    @Test
    void aParameterWithoutValueIsTrue() throws Exception {
        Watch w = new Watch(MAPS + "?watch&timeoutSeconds=1&resourceVersion=" + server.store.currentRevision(), null);
        assertEquals("END", w.next().text("type"));
    }

    @Test
    void endsAfterItsTimeout() throws Exception {
        Watch w = new Watch(MAPS + "?watch=true&timeoutSeconds=1&resourceVersion=" + server.store.currentRevision(), null);
        assertEquals("END", w.next().text("type"));
    }

    @Test
    void tablesNameTheirColumnsOnce() throws Exception {
        TestExchange x = server.stream(MAPS + "?watch=true", Map.of("accept", "application/json;as=Table;v=v1;g=meta.k8s.io"), null);
        make("a", "1");
        Obj first = Obj.parse(x.next());
        assertEquals("Table", first.text("object", "kind"));
        assertFalse(first.objects("object", "columnDefinitions").isEmpty());
        make("b", "1");
        Obj second = Obj.parse(x.next());
        assertTrue(second.objects("object", "columnDefinitions").isEmpty());
        assertEquals("b", second.objects("object", "rows").getFirst().objects("cells").isEmpty()
                ? second.objects("object", "rows").getFirst().strings("cells").getFirst() : "");
        x.leave();
    }

    @Test
    void everyWatcherGetsTheSameBytes() throws Exception {
        String target = MAPS + "?watch=true&resourceVersion=" + server.store.currentRevision();
        TestExchange one = server.stream(target, Map.of(), null);
        TestExchange two = server.stream(target, Map.of(), null);
        make("a", "1");
        assertEquals(one.next(), two.next());
        one.leave();
        two.leave();
    }
}
