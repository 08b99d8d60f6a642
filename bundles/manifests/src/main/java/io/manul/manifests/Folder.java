package io.manul.manifests;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One look at the folder (K3S.md 1.5): manifests in order, what is to be skipped, the folders to watch. */
final class Folder {

    private static final int MOST_FILES = 10_000;

    /** @param skipped file names for which {@code NAME.skip} exists in any folder */
    record Look(List<ManifestFile> files, Set<String> skipped, List<Path> folders) {
    }

    private Folder() {
    }

    /** A link to a folder is followed at the top level only. */
    static Look at(Path root) throws IOException {
        List<ManifestFile> files = new ArrayList<>();
        Set<String> skipped = new TreeSet<>();
        List<Path> folders = new ArrayList<>();
        walk(root, files, skipped, folders);
        try (var top = Files.list(root)) {
            for (Path link : top.filter(p -> Files.isSymbolicLink(p) && Files.isDirectory(p)).sorted().toList()) {
                walk(link.toRealPath(), files, skipped, folders);
            }
        }
        files.sort(java.util.Comparator.comparing(ManifestFile::path));
        return new Look(Collections.unmodifiableList(files), skipped, folders);
    }

    private static void walk(Path root, List<ManifestFile> files, Set<String> skipped, List<Path> folders) throws IOException {
        Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), 16, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) {
                folders.add(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
                String name = file.getFileName().toString();
                if (name.endsWith(".skip")) {
                    skipped.add(name.substring(0, name.length() - ".skip".length()));
                } else if (ManifestFile.named(file) && (a.isRegularFile() || Files.isRegularFile(file))) {
                    if (files.size() >= MOST_FILES) {
                        throw new IOException(root + " holds more than " + MOST_FILES + " manifests");
                    }
                    files.add(new ManifestFile(file, Files.getLastModifiedTime(file).toMillis()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // gone since it was listed: the next event says so
            }
        });
    }
}
