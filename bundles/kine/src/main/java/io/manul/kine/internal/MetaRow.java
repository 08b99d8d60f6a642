package io.manul.kine.internal;

import io.manul.datastore.engine.CommitLog;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/** The one row of the table meta. */
final class MetaRow {

    static final String REPLACE = "insert or replace into meta(id, clean, compact, floor, ceiling, swept, lease, crc) "
            + "values(1, ?, ?, ?, ?, ?, ?, ?)";

    private MetaRow() {
    }

    static long crc(CommitLog.Meta meta) {
        ByteBuffer bytes = ByteBuffer.allocate(6 * Long.BYTES);
        for (long number : numbers(meta)) {
            bytes.putLong(number);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.array());
        return crc.getValue();
    }

    private static long[] numbers(CommitLog.Meta meta) {
        return new long[] {meta.clean() ? 1 : 0, meta.compact(), meta.floor(), meta.ceiling(), meta.swept(), meta.lease()};
    }

    static void bind(PreparedStatement row, CommitLog.Meta meta) throws SQLException {
        long[] numbers = numbers(meta);
        for (int i = 0; i < numbers.length; i++) {
            row.setLong(i + 1, numbers[i]);
        }
        row.setLong(7, crc(meta));
    }
}
