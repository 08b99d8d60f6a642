package io.manul.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was imported from which file, so that an archive that did not change is not unpacked at each start. One line a file: size,
 * time of change, images, name; written when it changed. Lies beside containerd's data and goes with it. Used by one thread.
 */
final class Record {

    /** A file as it was: a change of size or time means other content. */
    record Stamp(long sizeBytes, long changedMillis) {
        static Stamp of(Path file) throws IOException {
            return new Stamp(Files.size(file), Files.getLastModifiedTime(file).toMillis());
        }
    }

    record Entry(Stamp stamp, Set<String> images) {
    }

    private final Path file;
    private final TreeMap<String, Entry> entries = new TreeMap<>();

    Record(Path file) {
        this.file = file;
    }

    void read() throws IOException {
        entries.clear();
        if (!Files.exists(file)) {
            return;
        }
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", 4);
            if (words.length == 4 && words[0].matches("\\d{1,18}") && words[1].matches("\\d{1,18}")) {
                entries.put(words[3], new Entry(new Stamp(Long.parseLong(words[0]), Long.parseLong(words[1])),
                        new TreeSet<>(List.of(words[2].split(",")))));
            }
        }
    }

    Optional<Entry> get(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    void put(String name, Entry entry) throws IOException {
        if (!entry.equals(entries.put(name, entry))) {
            write();
        }
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        entries.forEach((name, entry) -> text.append(entry.stamp.sizeBytes).append(' ').append(entry.stamp.changedMillis).append(' ')
                .append(String.join(",", entry.images)).append(' ').append(name).append('\n'));
        Files.createDirectories(file.getParent());
        Path half = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
