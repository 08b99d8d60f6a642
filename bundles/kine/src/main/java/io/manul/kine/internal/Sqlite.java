package io.manul.kine.internal;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Connections to the file, and what its errors mean. No DriverManager: it would keep a replaced bundle's classes. */
final class Sqlite {

    /** Before, a checkpoint and a restart of the WAL could race and damage the file (KINE.md 3.5). */
    private static final int[] OLDEST = {3, 51, 3};

    private final Path file;

    Sqlite(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Reads without changing a byte: closing it does no checkpoint. */
    Connection readOnly() throws SQLException {
        SQLiteConfig config = config(512);
        config.setReadOnly(true);
        return connect(config);
    }

    Connection writer() throws SQLException {
        SQLiteConfig config = config(1024);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalSizeLimit(4 << 20);
        Connection connection = connect(config);
        // a backstop; the checkpoint thread is there before
        run(connection, "pragma wal_autocheckpoint=4000");
        return connection;
    }

    private static SQLiteConfig config(int cacheKiB) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(5000);
        config.setCacheSize(-cacheKiB);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "0");
        return config;
    }

    private Connection connect(SQLiteConfig config) throws SQLException {
        Properties properties = config.toProperties();
        Connection connection = new JDBC().connect(JDBC.PREFIX + file, properties);
        run(connection, "pragma cell_size_check=on");
        return connection;
    }

    static void checkVersion(Connection connection) throws SQLException {
        String version = text(connection, "select sqlite_version()");
        String[] parts = version.split("\\.");
        for (int i = 0; i < OLDEST.length; i++) {
            int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
            if (part != OLDEST[i]) {
                if (part > OLDEST[i]) {
                    return;
                }
                throw new SQLException("SQLite " + version + " is too old: 3.51.3 or later is needed");
            }
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    static boolean damaged(SQLException e) {
        int code = code(e) & 0xff;
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    static int code(SQLException e) {
        return e instanceof SQLiteException s ? s.getResultCode().code : e.getErrorCode();
    }

    /** What a caller is told. A lost disk is never told as a conflict. */
    DatastoreException told(String what, SQLException e) {
        int code = code(e);
        if ((code & 0xff) == SQLiteErrorCode.SQLITE_FULL.code || code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE.code) {
            return new DatastoreException(Reason.NO_SPACE, "etcdserver: mvcc: database space exceeded: no space left on the disk of "
                    + file + "; reads go on, writes are taken again as soon as there is space");
        }
        if (damaged(e)) {
            return new DatastoreException(Reason.UNAVAILABLE, damage(file, what + ": " + e.getMessage()));
        }
        return new DatastoreException(Reason.UNAVAILABLE, what + " failed on " + file + ": " + e.getMessage()
                + "; nothing more is written until the server is restarted; check the disk (dmesg)");
    }

    static String damage(Path file, String seen) {
        return "The datastore file " + file + " is damaged: " + seen + ". Nothing was changed in it. Move " + file + " and "
                + file.getFileName() + "-wal away and put a backup in their place (or start without one: the cluster is empty"
                + " then), and look for a failing disk.";
    }
}
