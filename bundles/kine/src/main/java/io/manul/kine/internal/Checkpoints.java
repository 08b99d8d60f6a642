package io.manul.kine.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what has gathered in the WAL into the file, on a thread and a connection of its own that live as long as that takes:
 * a writer is not held up, and at idle there is none.
 */
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final long EVERY_BYTES = 4 << 20;
    private static final int PAGE = 4096;

    private final Sqlite sqlite;
    /** In the WAL and not in the file, about. */
    private final AtomicLong waiting = new AtomicLong();
    /** The sequencer's. */
    private Thread running;

    Checkpoints(Sqlite sqlite) {
        this.sqlite = sqlite;
    }

    void wrote(long bytes) {
        waiting.addAndGet(bytes + 2 * PAGE);
    }

    void tend() {
        if (waiting.get() > EVERY_BYTES && (running == null || !running.isAlive())) {
            running = Thread.ofPlatform().name("kine-checkpoint").daemon().start(this::checkpoint);
        }
    }

    private void checkpoint() {
        try (Connection connection = sqlite.writer(); Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma wal_checkpoint(passive)")) {
            long left = row.next() ? Math.max(0, row.getLong(2) - row.getLong(3)) : 0;
            waiting.set(left * PAGE);
        } catch (SQLException e) {
            // what is in the WAL is safe there, and the writer checkpoints by itself at 16 MB
            waiting.set(0);
            LOG.warn("A checkpoint failed; the next one follows after 4 MiB more file={} why={}", sqlite.file(), e.getMessage());
        }
    }

    void close() {
        try {
            if (running != null) {
                running.join(4000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
