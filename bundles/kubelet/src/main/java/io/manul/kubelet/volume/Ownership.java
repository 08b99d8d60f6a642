package io.manul.kubelet.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Gives everything of a volume to the pod's fsGroup (API reference, PodSecurityContext.fsGroup and fsGroupChangePolicy). Links are
 * given, not followed.
 */
final class Ownership {

    private static final int BITS = 07777;
    private static final int READ_WRITE = 0660;
    private static final int READ = 0440;
    private static final int SET_GROUP_ID = 02000;
    private static final int SEARCH = 0110;

    private Ownership() {
    }

    /** @param onRootMismatch nothing is done when the folder itself is so already */
    static void give(Path folder, long group, boolean readOnly, boolean onRootMismatch) throws IOException {
        int mask = readOnly ? READ : READ_WRITE;
        if (onRootMismatch && Files.isDirectory(folder)) {
            int wanted = mask | SET_GROUP_ID | SEARCH;
            if (gid(folder) == group && (mode(folder) & wanted) == wanted) {
                return;
            }
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setAttribute(file, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
                if (!attributes.isSymbolicLink()) {
                    Files.setAttribute(file, "unix:mode", mode(file) & BITS | mask);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path at, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.setAttribute(at, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(at, "unix:mode", mode(at) & BITS | mask | SET_GROUP_ID | SEARCH);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private static long gid(Path path) throws IOException {
        return Integer.toUnsignedLong((int) Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS));
    }
}
