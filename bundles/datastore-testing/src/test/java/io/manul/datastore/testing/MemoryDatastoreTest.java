package io.manul.datastore.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.datastore.Batch;
import io.manul.datastore.Durability;
import io.manul.datastore.Result;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryDatastoreTest {

    @Test
    void startsEmptyAtRevisionOneAndKeepsWhatIsPut() throws Exception {
        try (MemoryDatastore store = new MemoryDatastore()) {
            assertEquals(1, store.currentRevision());
            Result created = store.put("/a", new byte[] {1}, 0, 0, Durability.DURABLE);
            assertTrue(created.succeeded());
            assertEquals(2, created.revision());
            assertFalse(store.put("/a", new byte[] {2}, 0, 0, Durability.DURABLE).succeeded());
            Batch batch = store.poll("/", "0", 0, 10, Duration.ZERO);
            assertEquals(1, batch.events().size());
            assertEquals(2, batch.progress());
        }
    }
}
