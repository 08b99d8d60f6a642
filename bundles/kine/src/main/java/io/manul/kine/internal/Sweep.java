package io.manul.kine.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Removes what the rows of a compacted stretch have superseded: a row names the one before it. So every superseded row is
 * found by the row that superseded it, wherever it lies, and a delete goes with it.
 */
final class Sweep {

    private static final int ROWS = 16;
    /** Of one slice: each may touch a page, and the disk has to take them all before the next writer. */
    private static final int MOST_REMOVALS = 48;
    private static final int PAGE = 4096;

    private final PreparedStatement select;
    private final PreparedStatement rest;
    private final PreparedStatement remove;
    private long last;
    private int removals;

    Sweep(Connection writer, PreparedStatement remove) throws SQLException {
        this.remove = remove;
        select = writer.prepareStatement("select rid, prev, base, flags from kv where rid >= ? and rid < ? order by rid limit "
                + ROWS);
        rest = writer.prepareStatement("select rid, prev, base, flags from kv where rid > ? and rid < ? order by rid");
    }

    /** Works through (swept, upTo] for about that long; returns how far it came, whole revisions. */
    long slice(long swept, long upTo, long nanos) throws SQLException {
        long end = System.nanoTime() + nanos;
        long at = swept;
        removals = 0;
        do {
            int rows = take(select, Rows.after(at), Rows.after(upTo));
            if (rows < ROWS) {
                at = upTo;
            } else {
                take(rest, last, Rows.after(Rows.revision(last)));
                at = Rows.revision(last);
            }
            if (removals > 0) {
                remove.executeBatch();
            }
        } while (at < upTo && removals < MOST_REMOVALS && System.nanoTime() < end);
        return at;
    }

    /** Bytes that the last slice may have touched. */
    long touched() {
        return (long) removals * PAGE / 2;
    }

    private int take(PreparedStatement query, long from, long to) throws SQLException {
        query.setLong(1, from);
        query.setLong(2, to);
        int count = 0;
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                count++;
                last = rows.getLong(1);
                remove(rows.getLong(2));
                remove(rows.getLong(3));
                if (Rows.deletes(rows.getLong(4))) {
                    add(last);
                }
            }
        }
        return count;
    }

    private void remove(long revision) throws SQLException {
        if (revision != 0) {
            add(Rows.rid(revision, 0));
        }
    }

    private void add(long rid) throws SQLException {
        remove.setLong(1, rid);
        remove.addBatch();
        removals++;
    }
}
