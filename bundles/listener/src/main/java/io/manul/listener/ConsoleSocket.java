package io.manul.listener;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The Unix socket's place: a folder and a file that only root can reach. */
final class ConsoleSocket {

    /** sizeof(sockaddr_un.sun_path) - 1, unix(7). */
    private static final int LONGEST = 107;

    private final Path path;

    ConsoleSocket(Path runDir, String name) {
        path = runDir.resolve(name);
    }

    Path path() {
        return path;
    }

    /** Makes the folder, and removes the socket of a server that is no more. */
    UnixDomainSocketAddress prepare() throws IOException {
        if (path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST) {
            throw new IllegalStateException("the path of the server's socket is longer than " + LONGEST + " bytes: " + path
                    + ". Choose a shorter folder with --data-dir");
        }
        Files.createDirectories(path.getParent());
        Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwx------"));
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        if (Files.exists(path) && answers(address)) {
            throw new IllegalStateException("another Manul server is running: something answers on " + path
                    + ". Stop it first, or choose another folder with --data-dir");
        }
        Files.deleteIfExists(path);
        return address;
    }

    private static boolean answers(UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(address);
        } catch (IOException e) {
            return false;
        }
    }

    void bound() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    void remove() throws IOException {
        Files.deleteIfExists(path);
    }
}
