package io.manul.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder whose files change all at once: they lie in a time-stamped folder, {@code ..data} links to it, and each visible
 * name links through {@code ..data}. Renaming a new {@code ..data} over the old one is the change (Kubernetes, "ConfigMap",
 * "Mounted ConfigMaps are updated automatically"). One writer at a time.
 */
final class AtomicFolder {

    private static final String DATA = "..data";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("'..'yyyy_MM_dd_HH_mm_ss.nnnnnnnnn").withZone(ZoneOffset.UTC);

    /** @param mode permission bits */
    record Entry(byte[] content, int mode) {
    }

    private final Path folder;
    private final Owner owner;
    private final InstantSource clock;

    AtomicFolder(Path folder, Owner owner, InstantSource clock) {
        this.folder = folder;
        this.owner = owner;
        this.clock = clock;
    }

    /** @return true when something changed. @throws IOException also for a path that leads out of the folder */
    boolean write(Map<String, Entry> files) throws IOException {
        for (String path : files.keySet()) {
            check(path);
        }
        Path data = folder.resolve(DATA);
        Path old = Files.isSymbolicLink(data) ? folder.resolve(Files.readSymbolicLink(data)) : null;
        if (old != null && same(old, files)) {
            return false;
        }
        Path next = folder.resolve(STAMP.format(clock.instant()));
        Files.createDirectory(next);
        owner.folder(next);
        for (Map.Entry<String, Entry> e : files.entrySet()) {
            Path file = next.resolve(e.getKey());
            for (Path parent : missing(file.getParent())) {
                Files.createDirectory(parent);
                owner.folder(parent);
            }
            Files.write(file, e.getValue().content);
            owner.file(file, e.getValue().mode);
        }
        Path link = folder.resolve("..data_tmp");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, next.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Set<String> visible = new HashSet<>();
        files.keySet().forEach(p -> visible.add(first(p)));
        for (String name : visible) {
            Path at = folder.resolve(name);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(at, Path.of(DATA, name));
            }
        }
        removeOld(visible, next.getFileName().toString());
        return true;
    }

    private static void check(String path) throws IOException {
        if (path.isEmpty() || path.startsWith("/") || path.startsWith("..") || Arrays.asList(path.split("/")).contains("..")) {
            throw new IOException("invalid path, must be relative and not contain the '..' path: " + path);
        }
    }

    private static String first(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }

    private List<Path> missing(Path parent) {
        return Files.exists(parent) ? List.of() : Stream.concat(missing(parent.getParent()).stream(), Stream.of(parent)).toList();
    }

    private static boolean same(Path old, Map<String, Entry> files) throws IOException {
        Set<String> there = new HashSet<>();
        if (!Files.isDirectory(old)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(old)) {
            all.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).forEach(p -> there.add(old.relativize(p).toString()));
        }
        if (!there.equals(files.keySet())) {
            return false;
        }
        for (Map.Entry<String, Entry> e : files.entrySet()) {
            if (!Arrays.equals(Files.readAllBytes(old.resolve(e.getKey())), e.getValue().content)) {
                return false;
            }
        }
        return true;
    }

    private void removeOld(Set<String> visible, String current) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path p : all.toList()) {
                String name = p.getFileName().toString();
                boolean stamped = name.startsWith("..2") && !name.equals(current);
                boolean stale = !name.startsWith("..") && Files.isSymbolicLink(p) && !visible.contains(name);
                if (stamped || stale) {
                    delete(p);
                }
            }
        }
    }

    /** Deletes a tree without following links. */
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        }
    }
}
