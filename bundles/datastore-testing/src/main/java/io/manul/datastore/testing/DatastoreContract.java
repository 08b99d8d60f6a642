package io.manul.datastore.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Durability;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import io.manul.datastore.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every datastore does (KINE.md 1.2; etcd API v3, KV, Watch, Compact). An implementation's test extends this class and
 * says how one is made; each test gets a new, empty one.
 */
@Timeout(60)
public abstract class DatastoreContract {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String FIRST = "/";
    private static final String LAST = "0";

    protected Datastore store;

    /** A new, empty, open datastore. */
    protected abstract Datastore open() throws Exception;

    /** Ends it and removes what it left. */
    protected abstract void close(Datastore opened) throws Exception;

    @BeforeEach
    final void begin() throws Exception {
        store = open();
    }

    @AfterEach
    final void end() throws Exception {
        close(store);
    }

    // ---- helpers

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected final long create(String key, String value) throws DatastoreException {
        return written(store.put(key, bytes(value), 0, 0, Durability.DURABLE));
    }

    protected final long update(String key, String value, long expected) throws DatastoreException {
        return written(store.put(key, bytes(value), expected, 0, Durability.DURABLE));
    }

    private static long written(Result result) {
        assertTrue(result.succeeded(), () -> "refused: " + result);
        return result.revision();
    }

    protected final String value(String key, long revision) throws DatastoreException {
        return store.get(key, revision).map(kv -> new String(kv.value(), StandardCharsets.UTF_8)).orElse("-");
    }

    private List<String> keys(Range range) {
        return range.items().stream().map(KeyValue::key).toList();
    }

    protected static Reason reason(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(DatastoreException.class, call).reason();
    }

    /** All events of the range after a revision, up to now. */
    protected final List<Event> events(String from, String to, long after, int limit) throws Exception {
        List<Event> all = new ArrayList<>();
        long upTo = store.currentRevision();
        long cursor = after;
        while (cursor < upTo) {
            Batch batch = store.poll(from, to, cursor, limit, Duration.ZERO);
            assertTrue(batch.progress() >= cursor, "progress went back");
            cursor = batch.progress();
            for (Event event : batch.events()) {
                assertTrue(event.revision() <= cursor, "an event beyond the progress");
            }
            all.addAll(batch.events());
        }
        return all;
    }

    // ---- revisions and versions

    @Test
    void anEmptyStoreIsAtRevisionOne() throws Exception {
        assertEquals(1, store.currentRevision());
        assertEquals(1, store.compactRevision());
        assertEquals(0, store.count(FIRST, LAST));
        assertEquals(new Range(1, List.of(), 0, false), store.range(FIRST, LAST, 0, 0));
    }

    @Test
    void everyChangeIsOneRevisionMoreAndItsNumberIsEverywhere() throws Exception {
        assertEquals(2, create("/a", "1"));
        assertEquals(3, create("/b", "1"));
        assertEquals(4, update("/a", "2", 2));
        KeyValue a = store.get("/a", 0).orElseThrow();
        assertEquals(2, a.createRevision());
        assertEquals(4, a.modRevision());
        assertEquals(2, a.version());
        Result deleted = store.delete("/a", 4);
        assertTrue(deleted.succeeded());
        assertEquals(5, deleted.revision());
        assertEquals(Optional.empty(), deleted.current());
        assertEquals(5, store.currentRevision());
        assertEquals(List.of(2L, 3L, 4L, 5L), events(FIRST, LAST, 0, 100).stream().map(Event::revision).toList());
    }

    @Test
    void aPutOfTheSameValueIsAChange() throws Exception {
        create("/a", "1");
        assertEquals(3, update("/a", "1", 2));
        assertEquals(2, store.get("/a", 0).orElseThrow().version());
    }

    @Test
    void aDeleteResetsVersionAndCreateRevision() throws Exception {
        create("/a", "1");
        update("/a", "2", 2);
        store.delete("/a", 0);
        create("/a", "3");
        KeyValue a = store.get("/a", 0).orElseThrow();
        assertEquals(1, a.version());
        assertEquals(5, a.createRevision());
        assertEquals(5, a.modRevision());
    }

    @Test
    void theResultCarriesTheWrittenValue() throws Exception {
        byte[] value = bytes("x");
        KeyValue written = store.put("/a", value, 0, 0, Durability.DURABLE).current().orElseThrow();
        assertSame(value, written.value());
        assertEquals("/a", written.key());
        assertEquals(written, store.get("/a", 0).orElseThrow());
    }

    // ---- guards

    @Test
    void aCreateOfAKeyThatExistsChangesNothing() throws Exception {
        create("/a", "1");
        Result again = store.put("/a", bytes("2"), 0, 0, Durability.DURABLE);
        assertFalse(again.succeeded());
        assertEquals(2, again.revision());
        assertArrayEquals(bytes("1"), again.current().orElseThrow().value());
        assertEquals(2, store.currentRevision());
    }

    @Test
    void anUpdateWithAnotherRevisionChangesNothing() throws Exception {
        create("/a", "1");
        update("/a", "2", 2);
        Result lost = store.put("/a", bytes("3"), 2, 0, Durability.DURABLE);
        assertFalse(lost.succeeded());
        assertEquals(3, lost.revision());
        assertEquals(3, lost.current().orElseThrow().modRevision());
        assertEquals("2", value("/a", 0));
    }

    @Test
    void anUpdateOfAKeyThatDoesNotExistChangesNothing() throws Exception {
        Result lost = store.put("/a", bytes("3"), 7, 0, Durability.DURABLE);
        assertEquals(new Result(false, 1, Optional.empty()), lost);
    }

    @Test
    void aGuardedDeleteOfAnAbsentKeyFails() throws Exception {
        assertEquals(new Result(false, 1, Optional.empty()), store.delete("/a", 77));
        assertEquals(new Result(false, 1, Optional.empty()), store.delete("/a", 0));
        assertEquals(1, store.currentRevision());
    }

    @Test
    void aGuardedDeleteWithAnotherRevisionChangesNothing() throws Exception {
        create("/a", "1");
        Result lost = store.delete("/a", 77);
        assertFalse(lost.succeeded());
        assertEquals(2, lost.current().orElseThrow().modRevision());
        assertEquals("1", value("/a", 0));
    }

    @Test
    void aVolatileWriteIsAWriteLikeAnyOther() throws Exception {
        create("/a", "1");
        Result beat = store.put("/a", bytes("2"), 2, 0, Durability.VOLATILE);
        assertEquals(3, beat.revision());
        assertEquals("2", value("/a", 0));
        assertEquals(4, store.put("/a", bytes("3"), 3, 0, Durability.VOLATILE).revision());
        assertFalse(store.put("/a", bytes("4"), 3, 0, Durability.VOLATILE).succeeded());
        assertEquals(5, update("/a", "5", 4));
        assertEquals(List.of("1", "2", "3", "5"), events(FIRST, LAST, 0, 100).stream()
                .map(e -> new String(e.current().value(), StandardCharsets.UTF_8)).toList());
        assertEquals("2", value("/a", 3));
        assertEquals("3", value("/a", 4));
    }

    // ---- ranges

    @Test
    void aRangeIsOrderedAndHalfOpen() throws Exception {
        for (String key : List.of("/b", "/a", "/c", "/ab", "/d")) {
            create(key, key);
        }
        Range range = store.range("/a", "/c", 0, 0);
        assertEquals(List.of("/a", "/ab", "/b"), keys(range));
        assertEquals(3, range.count());
        assertFalse(range.more());
        assertEquals(6, range.revision());
        assertEquals(3, store.count("/a", "/c"));
        assertEquals(0, store.count("/c", "/a"));
        assertEquals(List.of(), keys(store.range("/x", "/y", 0, 0)));
    }

    @Test
    void aLimitCutsAndTheCountIsOfTheWhole() throws Exception {
        for (int i = 0; i < 10; i++) {
            create("/k" + i, "v");
        }
        Range page = store.range("/k", "/l", 4, 0);
        assertEquals(List.of("/k0", "/k1", "/k2", "/k3"), keys(page));
        assertEquals(10, page.count());
        assertTrue(page.more());
        Range rest = store.range("/k3\0", "/l", 0, page.revision());
        assertEquals(6, rest.items().size());
        assertFalse(store.range("/k", "/l", 10, 0).more());
    }

    @Test
    void keysAreOrderedByTheirUtf8Bytes() throws Exception {
        List<String> keys = List.of("/a", "/\u00e9", "/\ue000", "/\uffff", "/\ud83d\ude00", "/~", "/z");
        for (String key : keys) {
            create(key, "v");
        }
        List<String> sorted = new ArrayList<>(keys);
        sorted.sort((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)));
        assertEquals(sorted, keys(store.range("/", "0", 0, 0)));
    }

    @Test
    void manyKeysStayInOrderWhateverComesAndGoes() throws Exception {
        java.util.Random random = new java.util.Random(7);
        java.util.TreeMap<String, String> model = new java.util.TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            String key = "/k" + random.nextInt(600);
            if (model.remove(key) != null) {
                assertTrue(store.delete(key, 0).succeeded());
            } else {
                store.put(key, bytes("v" + i), 0, 0, Durability.VOLATILE);
                model.put(key, "v" + i);
            }
            if (i % 100 == 0) {
                assertEquals(List.copyOf(model.keySet()), keys(store.range("/", "0", 0, 0)));
                assertEquals(model.subMap("/k2", "/k5").size(), store.count("/k2", "/k5"));
            }
        }
        for (String key : List.copyOf(model.keySet())) {
            assertTrue(store.delete(key, 0).succeeded());
        }
        assertEquals(0, store.count("/", "0"));
    }

    // ---- the past

    @Test
    void anOldRevisionShowsWhatWasThen() throws Exception {
        create("/a", "a2");
        create("/b", "b3");
        update("/a", "a4", 2);
        store.delete("/b", 0);
        create("/c", "c6");
        create("/b", "b7");
        assertEquals(List.of("-", "a2", "a2", "a4", "a4", "a4", "a4"), then("/a"));
        assertEquals(List.of("-", "-", "b3", "b3", "-", "-", "b7"), then("/b"));
        assertEquals(List.of("-", "-", "-", "-", "-", "c6", "c6"), then("/c"));
        Range four = store.range("/", "0", 0, 4);
        assertEquals(List.of("/a", "/b"), keys(four));
        assertEquals(4, four.revision());
        assertEquals(2, four.count());
        assertEquals(List.of("/a"), keys(store.range("/", "0", 0, 5)));
        Range cut = store.range("/", "0", 1, 6);
        assertEquals(List.of("/a"), keys(cut));
        assertEquals(2, cut.count());
        assertTrue(cut.more());
        KeyValue b = store.get("/b", 4).orElseThrow();
        assertEquals(3, b.modRevision());
        assertEquals(1, b.version());
    }

    private List<String> then(String key) throws DatastoreException {
        List<String> values = new ArrayList<>();
        for (long revision = 1; revision <= store.currentRevision(); revision++) {
            values.add(value(key, revision));
        }
        return values;
    }

    @Test
    void aFutureRevisionCannotBeRead() throws Exception {
        create("/a", "1");
        assertEquals(Reason.FUTURE_REVISION, reason(() -> store.get("/a", 3)));
        assertEquals(Reason.FUTURE_REVISION, reason(() -> store.range("/", "0", 0, 3)));
        assertEquals("etcdserver: mvcc: required revision is a future revision",
                assertThrows(DatastoreException.class, () -> store.compact(3)).getMessage());
    }

    // ---- compaction

    @Test
    void whatWasCompactedCannotBeReadAndTheBoundaryCan() throws Exception {
        create("/a", "a2");
        create("/b", "b3");
        update("/a", "a4", 2);
        store.delete("/b", 0);
        update("/a", "a6", 4);
        store.compact(5);
        assertEquals(5, store.compactRevision());
        DatastoreException gone = assertThrows(DatastoreException.class, () -> store.get("/a", 4));
        assertEquals(Reason.COMPACTED, gone.reason());
        assertEquals(5, gone.compactRevision());
        assertEquals("etcdserver: mvcc: required revision has been compacted", gone.getMessage());
        assertEquals(Reason.COMPACTED, reason(() -> store.range("/", "0", 0, 2)));
        assertEquals("a4", value("/a", 5));
        assertEquals("-", value("/b", 5));
        assertEquals("a6", value("/a", 0));
        assertEquals("a6", value("/a", 6));
        assertEquals(6, store.currentRevision());
    }

    @Test
    void aCompactionOnlyGoesForward() throws Exception {
        create("/a", "1");
        create("/b", "1");
        create("/c", "1");
        store.compact(3);
        assertEquals(Reason.COMPACTED, reason(() -> store.compact(3)));
        assertEquals(Reason.COMPACTED, reason(() -> store.compact(2)));
        assertEquals(Reason.FUTURE_REVISION, reason(() -> store.compact(5)));
        store.compact(4);
        assertEquals(4, store.compactRevision());
    }

    @Test
    void aWatchMayBeginAtTheCompactedRevisionButNotBefore() throws Exception {
        create("/a", "a2");
        update("/a", "a3", 2);
        store.delete("/a", 3);
        create("/b", "b5");
        store.compact(4);
        assertEquals(Reason.COMPACTED, reason(() -> store.poll(FIRST, LAST, 2, 10, Duration.ZERO)));
        assertEquals(Reason.COMPACTED, reason(() -> store.poll(FIRST, LAST, 0, 10, Duration.ZERO)));
        assertEquals(Reason.COMPACTED, reason(() -> store.poll(FIRST, LAST, -3, 10, Duration.ZERO)));
        List<Event> events = events(FIRST, LAST, 3, 10);
        assertEquals(List.of(4L, 5L), events.stream().map(Event::revision).toList());
        assertEquals(Event.Type.DELETE, events.getFirst().type());
        assertArrayEquals(bytes("a3"), events.getFirst().previous().value());
    }

    @Test
    void aCompactionKeepsWhatEventsAfterItNeedAsPrevious() throws Exception {
        create("/a", "a2");
        create("/b", "b3");
        update("/a", "a4", 2);
        store.delete("/b", 3);
        store.compact(3);
        assertArrayEquals(bytes("a2"), events("/a", "/b", 2, 10).getFirst().previous().value());
        assertArrayEquals(bytes("b3"), events("/b", "/c", 3, 10).getFirst().previous().value());
    }

    // ---- watches

    @Test
    void eventsSayWhatHappened() throws Exception {
        create("/a", "1");
        update("/a", "2", 2);
        store.delete("/a", 3);
        List<Event> events = events(FIRST, LAST, 0, 10);
        assertEquals(3, events.size());
        assertTrue(events.get(0).create());
        assertNull(events.get(0).previous());
        assertFalse(events.get(1).create());
        assertArrayEquals(bytes("1"), events.get(1).previous().value());
        assertEquals(2, events.get(1).previous().modRevision());
        Event deleted = events.get(2);
        assertEquals(Event.Type.DELETE, deleted.type());
        assertEquals("/a", deleted.current().key());
        assertEquals(0, deleted.current().value().length);
        assertEquals(4, deleted.current().modRevision());
        assertArrayEquals(bytes("2"), deleted.previous().value());
    }

    @Test
    void aPollSeesOnlyItsRangeAndProgressesBeyondOthers() throws Exception {
        create("/a/1", "1");
        create("/b/1", "1");
        create("/a/2", "1");
        create("/b/2", "1");
        Batch batch = store.poll("/a/", Datastore.end("/a/"), 2, 10, Duration.ZERO);
        assertEquals(List.of("/a/2"), batch.events().stream().map(e -> e.current().key()).toList());
        assertEquals(5, batch.progress());
        Batch none = store.poll("/c", "/d", 1, 10, Duration.ZERO);
        assertEquals(new Batch(List.of(), 5), none);
    }

    @Test
    void aPollFromNowReturnsAtOnceWhenItMayNotWait() throws Exception {
        create("/a", "1");
        assertEquals(new Batch(List.of(), 2), store.poll(FIRST, LAST, 2, 10, Duration.ZERO));
    }

    @Test
    void aLimitCutsABatchAndTheNextGoesOnThere() throws Exception {
        for (int i = 0; i < 25; i++) {
            create("/k" + i, "v");
        }
        Batch batch = store.poll(FIRST, LAST, 1, 10, Duration.ZERO);
        assertEquals(10, batch.events().size());
        assertEquals(11, batch.progress());
        assertEquals(25, events(FIRST, LAST, 1, 7).size());
    }

    @Test
    void aPollWaitsForAChangeOfItsRange() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Batch> a = callers.submit(() -> store.poll("/a", "/b", 1, 10, LONG));
            Future<Batch> b = callers.submit(() -> store.poll("/b", "/c", 1, 10, LONG));
            create("/a1", "1");
            Batch batch = a.get(10, TimeUnit.SECONDS);
            assertEquals(1, batch.events().size());
            assertEquals(2, batch.progress());
            create("/b1", "1");
            assertEquals(3, b.get(10, TimeUnit.SECONDS).progress());
        }
    }

    @Test
    void aPollInVainReturnsAfterItsTimeWithProgress() throws Exception {
        create("/a", "1");
        long start = System.nanoTime();
        assertEquals(new Batch(List.of(), 2), store.poll("/x", "/y", 1, 10, Duration.ofMillis(60)));
        assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(60));
    }

    @Test
    void aWatchFromTheFutureSeesNothingOlder() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Batch now = store.poll(FIRST, LAST, 3, 10, Duration.ZERO);
            assertEquals(new Batch(List.of(), 3), now);
            Future<Batch> waiting = callers.submit(() -> {
                Batch batch = store.poll(FIRST, LAST, 3, 10, LONG);
                while (batch.events().isEmpty()) {
                    batch = store.poll(FIRST, LAST, batch.progress(), 10, LONG);
                }
                return batch;
            });
            create("/a", "2");
            create("/b", "3");
            create("/c", "4");
            assertEquals(List.of(4L), waiting.get(10, TimeUnit.SECONDS).events().stream().map(Event::revision).toList());
        }
    }

    @Test
    void aWaitingPollCanBeInterrupted() throws Exception {
        Thread[] poller = new Thread[1];
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            java.util.concurrent.CountDownLatch there = new java.util.concurrent.CountDownLatch(1);
            Future<Boolean> interrupted = callers.submit(() -> {
                poller[0] = Thread.currentThread();
                there.countDown();
                try {
                    store.poll(FIRST, LAST, 1, 10, LONG);
                    return false;
                } catch (InterruptedException e) {
                    return true;
                }
            });
            there.await();
            poller[0].interrupt();
            assertTrue(interrupted.get(10, TimeUnit.SECONDS));
        }
    }

    // ---- leases

    @Test
    void aLeaseTakesItsKeysWithItInOneRevision() throws Exception {
        long lease = store.grant(Duration.ofMillis(500));
        assertTrue(lease > 0);
        for (String key : List.of("/e1", "/e2", "/e3")) {
            store.put(key, bytes("v"), 0, lease, Durability.DURABLE);
        }
        create("/stays", "v");
        assertEquals(lease, store.get("/e1", 0).orElseThrow().lease());
        Batch batch = store.poll(FIRST, LAST, 5, 1, LONG);
        assertEquals(3, batch.events().size(), "a revision is never split");
        assertEquals(6, batch.progress());
        for (Event event : batch.events()) {
            assertEquals(Event.Type.DELETE, event.type());
            assertEquals(6, event.revision());
            assertEquals(lease, event.previous().lease());
        }
        assertEquals(List.of("/stays"), keys(store.range(FIRST, LAST, 0, 0)));
        assertEquals(List.of("/e1", "/e2", "/e3", "/stays"), keys(store.range(FIRST, LAST, 0, 5)));
    }

    @Test
    void aKeyThatLeftItsLeaseStays() throws Exception {
        long lease = store.grant(Duration.ofMillis(500));
        store.put("/moved", bytes("1"), 0, lease, Durability.DURABLE);
        store.put("/moved", bytes("2"), 2, 0, Durability.DURABLE);
        store.put("/goes", bytes("1"), 0, lease, Durability.VOLATILE);
        Batch batch = store.poll(FIRST, LAST, 4, 10, LONG);
        assertEquals(List.of("/goes"), batch.events().stream().map(e -> e.current().key()).toList());
        assertEquals("2", value("/moved", 0));
    }

    @Test
    void aLeaseThatIsNotThereIsRefused() throws Exception {
        DatastoreException gone = assertThrows(DatastoreException.class,
                () -> store.put("/a", bytes("1"), 0, 4711, Durability.DURABLE));
        assertEquals(Reason.LEASE_NOT_FOUND, gone.reason());
        assertEquals("etcdserver: requested lease not found", gone.getMessage());
        assertEquals(1, store.currentRevision());
        assertThrows(IllegalArgumentException.class, () -> store.grant(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> store.grant(Duration.ofSeconds(9_000_000_001L)));
    }

    // ---- bounds

    @Test
    void aValueOverTheLimitIsRefused() throws Exception {
        DatastoreException large = assertThrows(DatastoreException.class,
                () -> store.put("/a", new byte[Datastore.MAX_VALUE + 1], 0, 0, Durability.DURABLE));
        assertEquals(Reason.TOO_LARGE, large.reason());
        assertEquals("etcdserver: request is too large", large.getMessage());
        assertTrue(store.put("/a", new byte[Datastore.MAX_VALUE], 0, 0, Durability.DURABLE).succeeded());
        assertTrue(store.put("/empty", new byte[0], 0, 0, Durability.DURABLE).succeeded());
    }

    @Test
    void aKeyThatCannotBeAKeyIsRefused() {
        for (String key : List.of("", "/\ud800", "/\udc00x", "/" + "x".repeat(5000))) {
            assertThrows(IllegalArgumentException.class, () -> store.put(key, bytes("v"), 0, 0, Durability.DURABLE));
            assertThrows(IllegalArgumentException.class, () -> store.delete(key, 0));
        }
    }

    @Test
    void manyAtOnce() throws Exception {
        new Crowd(store, Long.getLong("seed", System.nanoTime()), 1000).run();
    }
}
