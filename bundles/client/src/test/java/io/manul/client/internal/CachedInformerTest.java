package io.manul.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Peer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CachedInformerTest {

    private final ScriptedApi api = new ScriptedApi();
    private final BlockingQueue<Long> pauses = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final CachedInformer informer = new CachedInformer(
            new Requests(new LoopbackTransport(api, new Peer.Internal("u", List.of(), "t")), "t"), Resources.PODS, Selection.ALL,
            pauses::add, new Random(1));

    CachedInformerTest() {
        informer.index("app", o -> List.of(o.labels().getOrDefault("app", "")));
        informer.listen(c -> told.add(c.kind() + " " + Key.of(c.object()) + " " + c.object().uid()));
    }

    @AfterEach
    void close() {
        informer.close();
    }

    private static String pod(String name, String uid, String version, String app) {
        return "{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"d\",\"name\":\"" + name + "\",\"uid\":\"" + uid + "\",\"resourceVersion\":\"" + version
                + "\",\"labels\":{\"app\":\"" + app + "\"},\"annotations\":{\"long\":\"text\"}}}";
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    private static String list(String version, String... items) {
        return "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + String.join(",", items) + "]}";
    }

    private String told() throws InterruptedException {
        String t = told.poll(10, TimeUnit.SECONDS);
        assertTrue(t != null, "nothing was told");
        return t;
    }

    @Test
    void listsThenWatchesInPieces() throws Exception {
        api.answer(200, list("5", pod("a", "1", "4", "x")));
        var stream = api.stream(200);
        informer.start();
        assertEquals("ADDED d/a 1", told());
        assertTrue(informer.awaitSynced(Duration.ofSeconds(5)));
        String both = event("MODIFIED", pod("a", "1", "6", "y")) + event("ADDED", pod("b", "2", "7", "y"));
        stream.send(both.substring(0, 40)).send(both.substring(40));
        assertEquals("MODIFIED d/a 1", told());
        assertEquals("ADDED d/b 2", told());
        assertEquals(List.of("a", "b"), informer.byIndex("app", "y").stream().map(Obj::name).sorted().toList());
        assertEquals(List.of(), informer.byIndex("app", "x"));
        stream.send(event("DELETED", pod("a", "1", "8", "y")));
        assertEquals("DELETED d/a 1", told());
        assertEquals(List.of(new Key("d", "b")), informer.keys());
        assertEquals("/api/v1/pods?watch=1&allowWatchBookmarks=true&resourceVersion=5", api.target(1));
    }

    @Test
    void goesOnFromTheLastBookmark() throws Exception {
        api.answer(200, list("5"));
        api.stream(200).send(event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"90\"}}")).end();
        api.stream(200).send(event("ADDED", pod("a", "1", "91", "x")));
        informer.start();
        assertEquals("ADDED d/a 1", told());
        assertTrue(api.target(2).endsWith("resourceVersion=90"), api.target(2));
        assertTrue(pauses.isEmpty(), "a stream that ended in order is no failure");
    }

    @Test
    void listsAgainAfter410AndTellsOnlyWhatChanged() throws Exception {
        api.answer(200, list("5", pod("a", "1", "4", "x"), pod("b", "2", "4", "x"), pod("c", "3", "4", "x")));
        var stream = api.stream(200);
        informer.start();
        told();
        told();
        told();
        api.answer(200, list("50", pod("a", "1", "4", "x"), pod("c", "9", "40", "x")));
        api.stream(200);
        stream.send("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old\"}}\n");
        assertEquals("DELETED d/c 3", told());
        assertEquals("ADDED d/c 9", told());
        assertEquals("DELETED d/b 2", told());
        assertEquals(1, pauses.size());
    }

    @Test
    void breaksAreWaitedOutLongerEachTime() throws Exception {
        api.answer(200, list("5"));
        for (int i = 0; i < 12; i++) {
            api.stream(200).breaks();
        }
        api.stream(200).send(event("ADDED", pod("a", "1", "6", "x")));
        informer.start();
        assertEquals("ADDED d/a 1", told());
        List<Long> all = List.copyOf(pauses);
        assertEquals(12, all.size());
        assertTrue(all.getFirst() >= 50 && all.getFirst() <= 100, all.toString());
        assertTrue(all.getLast() >= 15_000 && all.getLast() <= 30_000, all.toString());
    }

    @Test
    void aRefusedWatchIsWaitedOut() throws Exception {
        api.answer(200, list("5"));
        api.stream(403).send("{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\"}");
        api.stream(200).send(event("ADDED", pod("a", "1", "6", "x")));
        informer.start();
        assertEquals("ADDED d/a 1", told());
        assertEquals(1, pauses.size());
    }

    @Test
    void bytesThatAreNoJsonListAgain() throws Exception {
        api.answer(200, list("5")).answer(200, list("9", pod("a", "1", "8", "x")));
        api.stream(200).send("<html>\n");
        api.stream(200);
        informer.start();
        assertEquals("ADDED d/a 1", told());
    }

    @Test
    void ofMetadataOnlyTheEssenceIsKept() throws Exception {
        api.answer(200, list("5", pod("a", "1", "4", "x")));
        api.stream(200);
        informer.metadataOnly().start();
        told();
        Obj kept = informer.get(new Key("d", "a")).orElseThrow();
        assertEquals("x", kept.labels().get("app"));
        assertFalse(kept.has("metadata", "annotations"));
        assertEquals("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", api.asked.get(0).headers().get("accept"));
    }

    @Test
    void closesItsStreamAndThread() throws Exception {
        api.answer(200, list("5"));
        var stream = api.stream(200);
        informer.start();
        assertTrue(informer.awaitSynced(Duration.ofSeconds(5)));
        stream.send(event("ADDED", pod("a", "1", "6", "x")));
        assertEquals("ADDED d/a 1", told());
        informer.close();
        assertTrue(stream.closed);
        stream.send(event("ADDED", pod("b", "2", "7", "x")));
        assertEquals(1, informer.size());
    }
}
