package io.manul.kine.internal;

import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.datastore.engine.CommitLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/**
 * How a change is written: append-only rows by revision, without a second index (KINE.md 3.4). The small columns stand
 * before key and value, so that a compaction never reads a value.
 */
final class Rows {

    static final String TABLE = "create table kv(rid integer primary key, prev integer not null, base integer not null, "
            + "flags integer not null, created integer not null, version integer not null, lease integer not null, "
            + "crc integer not null, key blob not null, val blob not null)";
    static final String INSERT = "insert into kv(rid, prev, base, flags, created, version, lease, crc, key, val) "
            + "values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    static final String SELECT = "select rid, prev, base, flags, created, version, lease, crc, key, val from kv ";

    private static final int SUB_BITS = 10;
    private static final int DELETE = 1;

    private Rows() {
    }

    /** A row's number: its revision, and its place within it. */
    static long rid(long revision, int sub) {
        return revision << SUB_BITS | sub;
    }

    /** The number after the last one of a revision. */
    static long after(long revision) {
        return revision + 1 << SUB_BITS;
    }

    static long revision(long rid) {
        return rid >> SUB_BITS;
    }

    /** One row as it was read and found whole. */
    record Read(KeyValue now, boolean delete, long previous) {
    }

    static boolean deletes(long flags) {
        return (flags & DELETE) != 0;
    }

    /** Bytes that it takes, about. */
    static long bind(PreparedStatement insert, CommitLog.Row row) throws SQLException {
        KeyValue now = row.event().current();
        KeyValue previous = row.event().previous();
        byte[] key = now.key().getBytes(StandardCharsets.UTF_8);
        long[] numbers = {rid(now.modRevision(), row.sub()), previous == null ? 0 : previous.modRevision(), row.base(),
                row.event().type() == Event.Type.DELETE ? DELETE : 0, now.createRevision(), now.version(), now.lease()};
        for (int i = 0; i < numbers.length; i++) {
            insert.setLong(i + 1, numbers[i]);
        }
        insert.setLong(8, crc(numbers, key, now.value()));
        insert.setBytes(9, key);
        insert.setBytes(10, now.value());
        insert.addBatch();
        return 40 + key.length + now.value().length;
    }

    private static long crc(long[] numbers, byte[] key, byte[] value) {
        ByteBuffer head = ByteBuffer.allocate(numbers.length * Long.BYTES + Integer.BYTES);
        for (long number : numbers) {
            head.putLong(number);
        }
        head.putInt(key.length);
        CRC32C crc = new CRC32C();
        crc.update(head.array());
        crc.update(key);
        crc.update(value);
        return crc.getValue();
    }

    static String key(ResultSet row) throws SQLException {
        return new String(row.getBytes(9), StandardCharsets.UTF_8);
    }

    static Read read(ResultSet row) throws SQLException, Damaged {
        long[] numbers = new long[7];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = row.getLong(i + 1);
        }
        byte[] key = row.getBytes(9);
        byte[] value = row.getBytes(10);
        byte[] bytes = value == null ? new byte[0] : value;
        if (key == null || crc(numbers, key, bytes) != row.getLong(8)) {
            throw new Damaged("the checksum of the row of revision " + revision(numbers[0]) + " does not match its content");
        }
        KeyValue now = new KeyValue(new String(key, StandardCharsets.UTF_8), bytes, numbers[4], revision(numbers[0]),
                numbers[5], numbers[6]);
        return new Read(now, deletes(numbers[3]), numbers[1]);
    }
}
