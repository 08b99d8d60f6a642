package io.manul.kine.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.Durability;
import io.manul.datastore.engine.Limits;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
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
}
