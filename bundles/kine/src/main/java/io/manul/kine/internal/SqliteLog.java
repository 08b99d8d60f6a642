package io.manul.kine.internal;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.engine.CommitLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit log in a SQLite file: WAL, {@code synchronous=FULL}, one connection that writes. Written by the sequencer's
 * thread alone.
 */
final class SqliteLog implements CommitLog {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLog.class);

    private final Path file;
    private final Sqlite sqlite;
    private final OneServer lock;
    private final History history;
    private final Checkpoints checkpoints;
    private Connection writer;
    private PreparedStatement insert;
    private PreparedStatement remove;
    private PreparedStatement meta;
    private Sweep sweep;
    private long swept;
    private long written;

    SqliteLog(Path file) {
        this.file = file.toAbsolutePath();
        sqlite = new Sqlite(this.file);
        lock = new OneServer(Path.of(this.file + ".lock"));
        history = new History(sqlite);
        checkpoints = new Checkpoints(sqlite);
    }

    @Override
    public Loaded open(Reader reader) throws DatastoreException {
        makeFolder();
        lock.take();
        Opening opening = new Opening(sqlite);
        Loaded loaded = opening.load(reader);
        try {
            writer = sqlite.writer();
            if (loaded == null) {
                loaded = new Loaded(Meta.EMPTY, java.util.List.of());
                opening.create(writer, loaded.meta());
            }
            insert = writer.prepareStatement(Rows.INSERT);
            remove = writer.prepareStatement("delete from kv where rid = ?");
            meta = writer.prepareStatement(MetaRow.REPLACE);
            sweep = new Sweep(writer, remove);
        } catch (SQLException e) {
            throw sqlite.told("opening the datastore", e);
        }
        swept = loaded.meta().swept();
        return loaded;
    }

    private void makeFolder() throws DatastoreException {
        try {
            Path folder = file.getParent();
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new DatastoreException(Reason.UNAVAILABLE, "cannot make the folder of " + file + ": " + e);
        }
    }

    @Override
    public void append(Step step) throws DatastoreException {
        try {
            Sqlite.run(writer, "begin immediate");
            if (step.meta() != null) {
                keep(step.meta());
            }
            rows(step);
            leases(step);
        } catch (SQLException e) {
            throw undone("writing", e);
        }
    }

    private void keep(Meta next) throws SQLException {
        MetaRow.bind(meta, next);
        meta.executeUpdate();
        swept = next.swept();
    }

    private void rows(Step step) throws SQLException {
        boolean superseding = false;
        for (Row row : step.rows()) {
            written += Rows.bind(insert, row);
            if (row.event().revision() <= swept) {
                // the sweep has passed here: what this row supersedes goes now, not before the sweep has seen that
                superseding |= remove(row.base()) | remove(row.event().previous() == null ? 0
                        : row.event().previous().modRevision());
            }
        }
        if (!step.rows().isEmpty()) {
            insert.executeBatch();
        }
        if (superseding) {
            remove.executeBatch();
        }
    }

    private boolean remove(long revision) throws SQLException {
        if (revision == 0) {
            return false;
        }
        remove.setLong(1, Rows.rid(revision, 0));
        remove.addBatch();
        return true;
    }

    private void leases(Step step) throws SQLException {
        if (!step.leases().isEmpty()) {
            try (PreparedStatement put = writer.prepareStatement("insert or replace into lease(id, left_millis) values(?, ?)")) {
                for (Lease lease : step.leases()) {
                    put.setLong(1, lease.id());
                    put.setLong(2, lease.leftMillis());
                    put.addBatch();
                }
                put.executeBatch();
            }
        }
        if (!step.endedLeases().isEmpty()) {
            try (PreparedStatement end = writer.prepareStatement("delete from lease where id = ?")) {
                for (long id : step.endedLeases()) {
                    end.setLong(1, id);
                    end.addBatch();
                }
                end.executeBatch();
            }
        }
    }

    @Override
    public void force() throws DatastoreException {
        try {
            Sqlite.run(writer, "commit");
        } catch (SQLException e) {
            throw undone("writing", e);
        }
        checkpoints.wrote(written);
        written = 0;
    }

    /** After a full disk nothing of the step is there; when even that is not sure, nothing more may be written. */
    private DatastoreException undone(String what, SQLException why) {
        DatastoreException told = sqlite.told(what, why);
        written = 0;
        try {
            insert.clearBatch();
            remove.clearBatch();
            Sqlite.run(writer, "rollback");
        } catch (SQLException e) {
            // SQLite has rolled back by itself after some errors
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                why.addSuppressed(e);
                return new DatastoreException(Reason.UNAVAILABLE, "taking back a failed write failed on " + file + ": "
                        + e.getMessage() + "; nothing more is written until the server is restarted");
            }
        }
        return told;
    }

    @Override
    public void history(String from, String to, long after, long upTo, Visitor visitor) throws DatastoreException {
        history.read(from, to, after, upTo, visitor);
    }

    @Override
    public long sweep(Meta now, long upTo, long nanos) throws DatastoreException {
        try {
            Sqlite.run(writer, "begin immediate");
            long reached = sweep.slice(now.swept(), upTo, nanos);
            keep(new Meta(now.clean(), now.compact(), now.floor(), now.ceiling(), reached, now.lease()));
            Sqlite.run(writer, "commit");
            checkpoints.wrote(sweep.touched());
            return reached;
        } catch (SQLException e) {
            throw undone("compacting", e);
        }
    }

    @Override
    public void tend() {
        checkpoints.tend();
    }

    @Override
    public long sizeBytes() throws DatastoreException {
        try {
            Path wal = Path.of(file + "-wal");
            return Files.size(file) + (Files.exists(wal) ? Files.size(wal) : 0);
        } catch (IOException | UncheckedIOException e) {
            throw new DatastoreException(Reason.UNAVAILABLE, "cannot look at " + file + ": " + e);
        }
    }

    @Override
    public void close() {
        checkpoints.close();
        history.close();
        try {
            if (writer != null) {
                writer.close();
                writer = null;
            }
        } catch (SQLException e) {
            LOG.warn("The datastore file did not close in order file={} why={}", file, e.getMessage());
        } finally {
            lock.release();
        }
    }
}
