package io.manul.datastore.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Durability;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers see when the disk fails, by a log that fails when told to. */
class FailingLogTest {

    private static final class Log implements CommitLog {
        private volatile DatastoreException failure;
        private volatile int steps;

        @Override
        public Loaded open(Reader reader) {
            return new Loaded(Meta.EMPTY, List.of());
        }

        @Override
        public void append(Step step) {
            // kept by force
        }

        @Override
        public void force() throws DatastoreException {
            if (failure != null) {
                throw failure;
            }
            steps = steps + 1;
        }

        @Override
        public void history(String from, String to, long after, long upTo, Visitor visitor) {
            throw new IllegalStateException("nothing was forgotten");
        }

        @Override
        public long sweep(Meta meta, long upTo, long nanos) {
            return upTo;
        }

        @Override
        public long sizeBytes() {
            return 0;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private final Log log = new Log();
    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        engine = new Engine(log, new Limits(1 << 20, 100_000, Duration.ofSeconds(30)), System::nanoTime, "test");
        engine.put("/a", new byte[] {1}, 0, 0, Durability.DURABLE);
        engine.put("/beat", new byte[] {1}, 0, 0, Durability.VOLATILE);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private DatastoreException put(String key, long expected) {
        return assertThrows(DatastoreException.class, () -> engine.put(key, new byte[] {2}, expected, 0, Durability.DURABLE));
    }

    @Test
    void aFailedForceStopsWritingAndIsNeverAConflict() throws Exception {
        log.failure = new DatastoreException(Reason.UNAVAILABLE, "fsync failed");
        assertEquals(Reason.UNAVAILABLE, put("/a", 2).reason());
        log.failure = null;
        assertEquals("fsync failed", put("/a", 2).getMessage(), "it wrote again after a failed fsync");
        assertEquals(Reason.UNAVAILABLE, put("/a", 77).reason(), "a conflict was told");
        assertEquals(Reason.UNAVAILABLE, assertThrows(DatastoreException.class, () -> engine.compact(2)).reason());
        assertEquals(2, engine.get("/a", 0).orElseThrow().modRevision());
        assertEquals(2, engine.poll("/", "0", 1, 10, Duration.ZERO).events().size());
        assertEquals("fsync failed", engine.trouble());
        assertEquals(1, engine.failures());
    }

    @Test
    void aFullDiskLeavesNoTraceHeartbeatsGoOnAndItRecovers() throws Exception {
        log.failure = new DatastoreException(Reason.NO_SPACE, "full");
        assertEquals(Reason.NO_SPACE, put("/a", 2).reason());
        assertEquals(3, engine.currentRevision());
        assertTrue(engine.put("/beat", new byte[] {2}, 3, 0, Durability.VOLATILE).succeeded());
        log.failure = null;
        assertEquals(5, engine.put("/a", new byte[] {2}, 2, 0, Durability.DURABLE).revision());
        assertEquals(List.of(2L, 3L, 4L, 5L), engine.poll("/", "0", 1, 10, Duration.ZERO).events().stream()
                .map(io.manul.datastore.Event::revision).toList());
    }

    @Test
    void aVolatileWriteCostsNoStep() throws Exception {
        int before = log.steps;
        long revision = 3;
        for (int i = 0; i < 100; i++) {
            revision = engine.put("/beat", new byte[] {3}, revision, 0, Durability.VOLATILE).revision();
        }
        assertEquals(before, log.steps);
    }

    @Test
    void moreThanTheHeapBearsIsRefusedAndDeletesAreNot() throws Exception {
        engine.put("/big", new byte[90_000], 0, 0, Durability.DURABLE);
        DatastoreException full = assertThrows(DatastoreException.class,
                () -> engine.put("/more", new byte[20_000], 0, 0, Durability.DURABLE));
        assertEquals(Reason.NO_SPACE, full.reason());
        assertTrue(full.getMessage().contains("delete objects"), full.getMessage());
        assertTrue(engine.delete("/big", 0).succeeded());
        assertTrue(engine.put("/more", new byte[20_000], 0, 0, Durability.DURABLE).succeeded());
        assertFalse(engine.get("/big", 0).isPresent());
    }
}
