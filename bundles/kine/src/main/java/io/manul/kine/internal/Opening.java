package io.manul.kine.internal;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.engine.CommitLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds out what the file is, checks it, and reads it, all on a connection that cannot write; makes a new one otherwise. */
final class Opening {

    /** "Manu": SQLite's application id of our files. */
    private static final int APPLICATION = 0x4d616e75;
    private static final int FORMAT = 1;

    private final Sqlite sqlite;
    private final Path file;

    Opening(Sqlite sqlite) {
        this.sqlite = sqlite;
        file = sqlite.file();
    }

    CommitLog.Loaded load(CommitLog.Reader reader) throws DatastoreException {
        try {
            if (!Files.exists(file) || Files.size(file) == 0 && !Files.exists(Path.of(file + "-wal"))) {
                return null;
            }
        } catch (IOException e) {
            throw new DatastoreException(Reason.UNAVAILABLE, "cannot look at " + file + ": " + e);
        }
        try (Connection connection = sqlite.readOnly()) {
            Sqlite.checkVersion(connection);
            return ours(connection) ? read(connection, reader) : null;
        } catch (Damaged e) {
            throw new DatastoreException(Reason.UNAVAILABLE, Sqlite.damage(file, e.getMessage()));
        } catch (SQLException e) {
            throw sqlite.told("opening the datastore", e);
        }
    }

    /** False for a file whose making was cut off. */
    private boolean ours(Connection connection) throws SQLException, DatastoreException, Damaged {
        long application = Sqlite.number(connection, "pragma application_id");
        long format = Sqlite.number(connection, "pragma user_version");
        if (application == APPLICATION && format == FORMAT) {
            return true;
        }
        if (application == APPLICATION) {
            throw new DatastoreException(Reason.UNAVAILABLE, "The datastore file " + file + " has format " + format
                    + ", this version reads format " + FORMAT + ": start the newer version again, or move the file away");
        }
        long tables = Sqlite.number(connection, "select count(*) from sqlite_master");
        if (tables == 0) {
            return false;
        }
        boolean kine = Sqlite.number(connection, "select count(*) from sqlite_master where name = 'kine'") > 0;
        throw new DatastoreException(Reason.UNAVAILABLE, "The file " + file + (kine
                ? " is a datastore of k3s; taking it over is not there yet. Move it away to start an empty cluster"
                : " is a SQLite database of something else. Move it away"));
    }

    private CommitLog.Loaded read(Connection connection, CommitLog.Reader reader) throws SQLException, Damaged {
        CommitLog.Meta meta = meta(connection);
        if (!meta.clean()) {
            String seen = Sqlite.text(connection, "pragma quick_check(1)");
            if (!seen.equals("ok")) {
                throw new Damaged("SQLite's quick_check says: " + seen.replace('\n', ' '));
            }
        }
        try (PreparedStatement select = connection.prepareStatement(Rows.SELECT + "order by rid");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                Rows.Read row = Rows.read(rows);
                reader.row(row.now(), row.delete());
            }
        }
        return new CommitLog.Loaded(meta, leases(connection));
    }

    private static CommitLog.Meta meta(Connection connection) throws SQLException, Damaged {
        try (PreparedStatement select = connection.prepareStatement(
                "select clean, compact, floor, ceiling, swept, lease, crc from meta"); ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new Damaged("the table meta is empty");
            }
            CommitLog.Meta meta = new CommitLog.Meta(row.getLong(1) == 1, row.getLong(2), row.getLong(3), row.getLong(4),
                    row.getLong(5), row.getLong(6));
            if (MetaRow.crc(meta) != row.getLong(7)) {
                throw new Damaged("the checksum of the table meta does not match its content");
            }
            return meta;
        }
    }

    private static List<CommitLog.Lease> leases(Connection connection) throws SQLException {
        List<CommitLog.Lease> leases = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select id, left_millis from lease order by id");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                leases.add(new CommitLog.Lease(rows.getLong(1), rows.getLong(2)));
            }
        }
        return leases;
    }

    /** Makes the tables in one step: a file is either empty or whole. */
    void create(Connection writer, CommitLog.Meta meta) throws SQLException, DatastoreException {
        Sqlite.checkVersion(writer);
        Sqlite.run(writer, "begin immediate");
        Sqlite.run(writer, Rows.TABLE);
        Sqlite.run(writer, "create table meta(id integer primary key, clean integer, compact integer, floor integer, "
                + "ceiling integer, swept integer, lease integer, crc integer)");
        Sqlite.run(writer, "create table lease(id integer primary key, left_millis integer not null)");
        try (PreparedStatement row = writer.prepareStatement(MetaRow.REPLACE)) {
            MetaRow.bind(row, meta);
            row.executeUpdate();
        }
        Sqlite.run(writer, "pragma application_id = " + APPLICATION);
        Sqlite.run(writer, "pragma user_version = " + FORMAT);
        Sqlite.run(writer, "commit");
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            folder.force(true);
        } catch (IOException e) {
            throw new DatastoreException(Reason.UNAVAILABLE, "cannot make " + file + " safe: " + e);
        }
    }
}
