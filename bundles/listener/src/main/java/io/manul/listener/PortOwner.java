package io.manul.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds who listens on a TCP port (proc(5): /proc/net/tcp, /proc/PID/fd), for an error message. */
final class PortOwner {

    private static final int PROCESSES = 10_000;

    private PortOwner() {
    }

    /** The process as {@code name (pid N)}; empty when it cannot be told. */
    static Optional<String> of(int port) {
        return inode(port).flatMap(PortOwner::holder);
    }

    private static Optional<String> inode(int port) {
        String end = String.format(Locale.ROOT, ":%04X", port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6").flatMap(f -> lines(Path.of(f)).stream())
                .map(line -> line.trim().split("\\s+"))
                .filter(f -> f.length > 9 && f[1].endsWith(end) && f[3].equals("0A")).map(f -> f[9]).findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<String> holder(String inode) {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(p -> p.getFileName().toString().chars().allMatch(Character::isDigit)).limit(PROCESSES)
                    .filter(p -> holds(p, "socket:[" + inode + "]")).findFirst()
                    .map(p -> String.join("", lines(p.resolve("comm"))) + " (pid " + p.getFileName() + ")");
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static boolean holds(Path process, String socket) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(d -> pointsTo(d, socket));
        } catch (IOException | UncheckedIOException e) {
            // gone meanwhile, or not ours to read
            return false;
        }
    }

    private static boolean pointsTo(Path descriptor, String socket) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(socket);
        } catch (IOException e) {
            return false;
        }
    }
}
