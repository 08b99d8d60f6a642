package io.manul.datastore.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import org.junit.jupiter.api.Test;

class PastTest {

    /** A reader that looked at the store a moment before a compaction is told of it, in memory too where no log helps. */
    @Test
    void whatIsCompactedWhileItIsReadIsCompacted() throws Exception {
        MemoryLog log = new MemoryLog();
        Sequencer sequencer = new Sequencer(log, Limits.inMemory(), System::nanoTime, "past-test");
        sequencer.open();
        try {
            Past past = new Past(sequencer, log);
            for (int i = 0; i < 5; i++) {
                sequencer.call(new Op.Write("/k" + i, new byte[] {1}, 0, 0, true));
            }
            Snapshot before = sequencer.published();
            long first = before.revision() - 3;
            assertEquals(2, past.range(before, "/", "0", 0, first).items().size());
            sequencer.call(new Op.Compact(before.revision()));
            for (String key : new String[] {"/k0", "/k4"}) {
                DatastoreException e = assertThrows(DatastoreException.class, () -> past.get(before, key, first));
                assertEquals(Reason.COMPACTED, e.reason());
            }
            assertEquals(Reason.COMPACTED, assertThrows(DatastoreException.class, () -> past.range(before, "/", "0", 0, first)).reason());
            assertEquals(5, past.range(before, "/", "0", 0, before.revision()).items().size());
        } finally {
            sequencer.close(4500);
        }
    }
}
