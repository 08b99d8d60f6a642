package io.manul.kine.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.gate.Unavailable;
import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.Durability;
import io.manul.datastore.Event;
import io.manul.datastore.engine.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    Path data;

    @Test
    void goesOnWhereItEnded() throws Exception {
        Kine kine = new Kine(data, Limits.forHeap(64 << 20));
        Datastore store = (Datastore) kine.offers().get(Datastore.class);
        for (int life = 0; life < 3; life++) {
            kine.begin(new byte[0]);
            assertEquals(1 + 4 * life, store.currentRevision());
            long a = store.put("/a" + life, new byte[] {1}, 0, 0, Durability.DURABLE).revision();
            store.put("/e" + life, new byte[0], 0, 0, Durability.DURABLE).revision();
            store.put("/a" + life, new byte[] {2}, a, 0, Durability.VOLATILE);
            store.delete("/e" + life, 0);
            int events = 0;
            long seen = 0;
            while (seen < store.currentRevision()) {
                Batch batch = store.poll("/", "0", seen, 100, Duration.ZERO);
                events += batch.events().size();
                seen = batch.progress();
            }
            assertEquals(4 * (life + 1), events);
            assertEquals(life + 1, store.count("/", "0"));
            assertArrayEquals(new byte[] {2}, store.get("/a" + life, 0).orElseThrow().value());
            assertArrayEquals(new byte[] {1}, store.get("/a" + life, a).orElseThrow().value());
            kine.end();
        }
    }

    @Test
    void aLeaseGoesOnWithWhatItHadLeft() throws Exception {
        Kine kine = new Kine(data, Limits.forHeap(64 << 20));
        Datastore store = (Datastore) kine.offers().get(Datastore.class);
        kine.begin(new byte[0]);
        long lease = store.grant(Duration.ofMillis(700));
        long other = store.grant(Duration.ofHours(1));
        store.put("/a", new byte[] {1}, 0, lease, Durability.DURABLE);
        store.put("/b", new byte[] {1}, 0, other, Durability.VOLATILE);
        kine.end();
        kine.begin(new byte[0]);
        assertEquals(lease, store.get("/a", 0).orElseThrow().lease());
        Batch batch = store.poll("/", "0", 3, 10, Duration.ofSeconds(20));
        assertEquals(1, batch.events().size());
        assertEquals("/a", batch.events().getFirst().current().key());
        assertEquals(Event.Type.DELETE, batch.events().getFirst().type());
        assertTrue(store.grant(Duration.ofHours(1)) > other, "a lease id was given out twice");
        assertTrue(store.put("/c", new byte[0], 0, other, Durability.DURABLE).succeeded());
        kine.end();
    }

    @Test
    @Timeout(20)
    void volatileWritesReachTheDiskByThemselvesSeveralAsOne() throws Exception {
        Kine kine = new Kine(data, new Limits(1 << 20, 1 << 20, Duration.ofMillis(100)));
        Datastore store = (Datastore) kine.offers().get(Datastore.class);
        kine.begin(new byte[0]);
        long revision = store.put("/first", new byte[0], 0, 0, Durability.VOLATILE).revision();
        revision = store.put("/beat", new byte[] {0}, 0, 0, Durability.VOLATILE).revision();
        for (int i = 1; i < 20; i++) {
            revision = store.put("/beat", new byte[] {(byte) i}, revision, 0, Durability.VOLATILE).revision();
        }
        try (Connection reader = new Sqlite(data.resolve("server/db/state.db")).readOnly()) {
            while (Sqlite.number(reader, "select max(rid) >> 10 from kv") < revision) {
                Thread.onSpinWait();
            }
            assertTrue(Sqlite.number(reader, "select count(*) from kv") < 20, "each beat was written");
        }
        kine.end();
    }

    @Test
    void anEndWithoutAChangeWritesNothing() throws Exception {
        Kine kine = new Kine(data, Limits.forHeap(64 << 20));
        Datastore store = (Datastore) kine.offers().get(Datastore.class);
        kine.begin(new byte[0]);
        store.put("/a", new byte[] {1}, 0, 0, Durability.DURABLE);
        kine.end();
        Path file = data.resolve("server/db/state.db");
        byte[] before = Files.readAllBytes(file);
        kine.begin(new byte[0]);
        assertEquals(2, store.currentRevision());
        kine.end();
        assertArrayEquals(before, Files.readAllBytes(file));
        assertTrue(!Files.exists(Path.of(file + "-wal")), "the WAL was not checkpointed");
    }

    @Test
    void whatIsNotOpenSaysSoAndAWaitingReaderIsLetGo() throws Exception {
        Kine kine = new Kine(data, Limits.forHeap(64 << 20));
        Datastore store = (Datastore) kine.offers().get(Datastore.class);
        assertThrows(Unavailable.class, store::currentRevision);
        kine.end();
        kine.begin(new byte[0]);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Batch> waiting = callers.submit(() -> store.poll("/", "0", 1, 10, Duration.ofSeconds(20)));
            while (waiting.state() == Future.State.RUNNING && kine.waiting() == 0) {
                Thread.onSpinWait();
            }
            long start = System.nanoTime();
            kine.end();
            assertEquals(new Batch(List.of(), 1), waiting.get(10, TimeUnit.SECONDS));
            assertTrue(System.nanoTime() - start < 1_000_000_000L, "the end took longer than a second");
        }
        assertThrows(Unavailable.class, () -> store.put("/a", new byte[0], 0, 0, Durability.DURABLE));
        kine.end();
    }
}
