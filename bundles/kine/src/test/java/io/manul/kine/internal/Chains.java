package io.manul.kine.internal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether the sweep can find every superseded row: each row of a key is named by the next one of it, and is gone when
 * that one was swept.
 */
final class Chains {

    private Chains() {
    }

    /** What is wrong; empty when all is well. */
    static List<String> broken(Path file) throws Exception {
        List<String> broken = new ArrayList<>();
        try (Connection connection = new Sqlite(file).readOnly(); Statement statement = connection.createStatement()) {
            long swept = Sqlite.number(connection, "select swept from meta");
            try (ResultSet rows = statement.executeQuery("select cast(key as text), rid, prev, base, flags from kv "
                    + "order by key, rid")) {
                String key = "";
                String line = "";
                long before = 0;
                boolean deleted = false;
                while (rows.next()) {
                    long revision = Rows.revision(rows.getLong(2));
                    String row = revision + "(prev " + rows.getLong(3) + " base " + rows.getLong(4) + " flags "
                            + rows.getLong(5) + ")";
                    if (!rows.getString(1).equals(key)) {
                        key = rows.getString(1);
                        line = "";
                    } else if (revision <= swept || !deleted && rows.getLong(3) != before && rows.getLong(4) != before) {
                        broken.add(key + ": " + line + " then " + row + ", swept " + swept);
                    }
                    before = revision;
                    deleted = Rows.deletes(rows.getLong(5));
                    line = line + " " + row;
                }
            }
        }
        return broken;
    }
}
