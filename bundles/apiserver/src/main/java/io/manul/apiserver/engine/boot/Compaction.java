package io.manul.apiserver.engine.boot;

import io.manul.api.gate.Unavailable;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets history that is older than five minutes, every five minutes (upstream's --etcd-compaction-interval). */
public final class Compaction {

    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final Datastore datastore;
    private final Thread thread = Thread.ofVirtual().name("compaction").unstarted(this::run);

    public Compaction(Datastore datastore) {
        this.datastore = datastore;
    }

    public Compaction start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            long before = 0;
            for (;;) {
                Thread.sleep(INTERVAL);
                before = step(before);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param revision of the last round: everything before it is now older than the interval */
    private long step(long revision) {
        try {
            if (revision > datastore.compactRevision()) {
                datastore.compact(revision);
            }
            return datastore.currentRevision();
        } catch (DatastoreException | Unavailable e) {
            LOG.warn("History was not compacted; tried again in 5 min why={}", e.getMessage());
            return revision;
        }
    }

    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(2));
    }
}
