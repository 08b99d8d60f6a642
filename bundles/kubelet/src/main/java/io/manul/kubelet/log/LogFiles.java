package io.manul.kubelet.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of one container's log: the one that is written, and those rotated away, {@code N.log.TIME}. */
record LogFiles(Path current) {

    /** Oldest first, the current one last. */
    List<Path> all() throws IOException {
        List<Path> out = new ArrayList<>();
        String name = current.getFileName() + ".";
        if (!Files.isDirectory(current.getParent())) {
            return out;
        }
        try (Stream<Path> files = Files.list(current.getParent())) {
            files.filter(p -> p.getFileName().toString().startsWith(name)).sorted().forEach(out::add);
        }
        if (Files.exists(current)) {
            out.add(current);
        }
        return out;
    }

    static long inode(Path file) throws IOException {
        return (long) Files.getAttribute(file, "unix:ino");
    }

    Optional<Path> byInode(long inode) throws IOException {
        for (Path p : all()) {
            if (is(p, inode)) {
                return Optional.of(p);
            }
        }
        return Optional.empty();
    }

    private static boolean is(Path file, long inode) throws IOException {
        try {
            return inode(file) == inode;
        } catch (NoSuchFileException e) {
            return false; // rotated between the two calls
        }
    }

    /** True when the container writes another file by now. */
    boolean replaced(long inode) throws IOException {
        return Files.exists(current) && !is(current, inode);
    }

    /** The file that was begun after this one; empty when this one is the current. */
    Optional<Path> after(long inode) throws IOException {
        List<Path> all = all();
        for (int i = 0; i < all.size(); i++) {
            if (is(all.get(i), inode)) {
                return i + 1 < all.size() ? Optional.of(all.get(i + 1)) : Optional.empty();
            }
        }
        return all.stream().findFirst(); // removed meanwhile: the oldest that is left
    }
}
