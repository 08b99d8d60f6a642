package io.manul.kine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Durability;
import io.manul.datastore.KeyValue;
import io.manul.datastore.engine.Limits;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A compaction leaves exactly one row for each key: one more would come back to life after a delete. */
class SweepTest {

    @TempDir
    Path data;
    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void noSupersededRowStaysBehind() throws Exception {
        System.out.println("sweep seed " + seed);
        for (int round = 0; round < 8; round++) {
            Kine kine = new Kine(data, new Limits(round % 2 == 0 ? 2000 : 1 << 20, Long.MAX_VALUE, Duration.ofMillis(20)));
            kine.begin(new byte[0]);
            Datastore store = (Datastore) kine.offers().get(Datastore.class);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Void>> writers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int thread = i;
                    Random random = new Random(seed + 10 * round + i);
                    writers.add(threads.submit(() -> write(store, thread, random)));
                }
                for (Future<Void> writer : writers) {
                    writer.get();
                }
            }
            assertEquals(List.of(), Chains.broken(data.resolve("server/db/state.db")), () -> "seed " + seed);
            // what the write at the compacted revision superseded is still there: let it be a create
            store.put("/last" + round, new byte[0], 0, 0, Durability.DURABLE);
            store.compact(store.currentRevision());
            long target = store.compactRevision() - 1;
            long keys = store.count("/", "0");
            while (number("select swept from meta") < target) {
                Thread.onSpinWait();
            }
            kine.end();
            assertEquals(List.of(), Chains.broken(data.resolve("server/db/state.db")), () -> "seed " + seed);
            assertEquals(keys, number("select count(*) from kv"), "rows beside the living ones, seed " + seed);
        }
    }

    private long number(String sql) throws Exception {
        try (Connection connection = new Sqlite(data.resolve("server/db/state.db")).readOnly()) {
            return Sqlite.number(connection, sql);
        }
    }

    private Void write(Datastore store, int thread, Random random) throws DatastoreException {
        for (int i = 0; i < 400; i++) {
            String key = "/" + thread + "/" + random.nextInt(4);
            long expected = store.get(key, 0).map(KeyValue::modRevision).orElse(0L);
            if (random.nextInt(6) == 0) {
                store.delete(key, expected);
            } else {
                store.put(key, new byte[random.nextInt(50)], expected, 0,
                        random.nextInt(5) < 4 ? Durability.VOLATILE : Durability.DURABLE);
            }
            if (random.nextInt(30) == 0) {
                try {
                    store.compact(Math.max(2, store.currentRevision() - random.nextInt(20)));
                } catch (DatastoreException e) {
                    assertEquals(DatastoreException.Reason.COMPACTED, e.reason());
                }
            }
        }
        return null;
    }
}
