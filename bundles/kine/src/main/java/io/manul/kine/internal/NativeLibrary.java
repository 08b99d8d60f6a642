package io.manul.kine.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/**
 * Puts SQLite's library where sqlite-jdbc loads it from without unpacking it again at each start: one file under the data
 * directory, not a new one in /tmp for every process (which stays there after a kill), and not under /run, which is often
 * mounted noexec.
 */
final class NativeLibrary {

    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String FILE = "libsqlitejdbc.so";

    private NativeLibrary() {
    }

    static void place(Path data) throws IOException {
        String set = System.getProperty(PATH);
        if (set != null && Files.exists(Path.of(set, System.getProperty(NAME, FILE)))) {
            return;
        }
        byte[] library = packed();
        if (library.length == 0) {
            return;
        }
        Path folder = Files.createDirectories(data.resolve("data/sqlite"));
        Path file = folder.resolve(FILE);
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), library)) {
            write(file, library);
        }
        System.setProperty(PATH, folder.toAbsolutePath().toString());
        System.setProperty(NAME, FILE);
    }

    /** The library for this machine; empty when sqlite-jdbc brings none (then it says so itself when it is used). */
    private static byte[] packed() throws IOException {
        String name = "/org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS() + "/" + FILE;
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(name)) {
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    private static void write(Path file, byte[] library) throws IOException {
        Path next = file.resolveSibling(FILE + ".new");
        Files.write(next, library);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwx------"));
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
