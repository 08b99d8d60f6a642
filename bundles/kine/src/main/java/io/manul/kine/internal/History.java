package io.manul.kine.internal;

import io.manul.api.gate.Unavailable;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.datastore.engine.CommitLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes that the memory has forgotten, read back on a connection of its own, opened when first needed. One reader at a
 * time; never in the writer's way. Safe from any thread.
 */
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final Sqlite sqlite;
    private final ReentrantLock lock = new ReentrantLock();
    private Connection connection;
    private PreparedStatement stretch;
    private PreparedStatement one;
    private boolean closed;

    History(Sqlite sqlite) {
        this.sqlite = sqlite;
    }

    void read(String from, String to, long after, long upTo, CommitLog.Visitor visitor) throws DatastoreException {
        lock.lock();
        try {
            open();
            stretch.setLong(1, Rows.after(after));
            stretch.setLong(2, Rows.after(upTo));
            try (ResultSet rows = stretch.executeQuery()) {
                boolean more = true;
                while (more && rows.next()) {
                    String key = Rows.key(rows);
                    more = !within(key, from, to) || !visitor.wants(key) || visitor.event(event(Rows.read(rows)));
                }
            }
        } catch (SQLException e) {
            throw sqlite.told("reading history", e);
        } catch (Damaged e) {
            throw new DatastoreException(Reason.UNAVAILABLE, Sqlite.damage(sqlite.file(), e.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    private static boolean within(String key, String from, String to) {
        return io.manul.datastore.engine.Keys.compare(key, from) >= 0
                && io.manul.datastore.engine.Keys.compare(key, to) < 0;
    }

    private void open() throws SQLException {
        if (closed) {
            throw new Unavailable("the datastore is not open; the call was not carried out");
        }
        if (connection == null) {
            connection = sqlite.readOnly();
            stretch = connection.prepareStatement(Rows.SELECT + "where rid >= ? and rid < ? order by rid");
            one = connection.prepareStatement(Rows.SELECT + "where rid = ?");
        }
    }

    private Event event(Rows.Read row) throws SQLException, Damaged {
        KeyValue previous = row.previous() == 0 ? null : before(row);
        return new Event(row.delete() ? Event.Type.DELETE : Event.Type.PUT, row.now(), previous);
    }

    private KeyValue before(Rows.Read row) throws SQLException, Damaged {
        one.setLong(1, Rows.rid(row.previous(), 0));
        try (ResultSet rows = one.executeQuery()) {
            if (!rows.next()) {
                throw new Damaged("revision " + row.now().modRevision() + " follows revision " + row.previous()
                        + ", which is not there");
            }
            return Rows.read(rows).now();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            if (connection != null) {
                connection.close();
                connection = null;
            }
        } catch (SQLException e) {
            LOG.warn("The reading connection did not close in order file={} why={}", sqlite.file(), e.getMessage());
        } finally {
            lock.unlock();
        }
    }
}
