package io.manul.kubelet.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.kubelet.volume.AtomicFolder.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFolderTest {

    @TempDir
    Path folder;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    private AtomicFolder atomic() {
        return new AtomicFolder(folder, Owner.ROOT, () -> now = now.plusNanos(1_000_001));
    }

    private static Entry entry(String text) {
        return new Entry(text.getBytes(), 0640);
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).filter(n -> !n.startsWith("..2")).collect(Collectors.toSet());
        }
    }

    @Test
    void filesAppearThroughTheLinkWithTheirModes() throws IOException {
        assertTrue(atomic().write(Map.of("a", entry("1"), "dir/b", entry("2"))));
        assertEquals("1", Files.readString(folder.resolve("a")));
        assertEquals("2", Files.readString(folder.resolve("dir/b")));
        assertEquals(Set.of("a", "dir", "..data"), names());
        assertEquals(Path.of("..data/a"), Files.readSymbolicLink(folder.resolve("a")));
        assertEquals(0100640, (int) Files.getAttribute(folder.resolve("a"), "unix:mode"));
    }

    @Test
    void theSameContentChangesNothing() throws IOException {
        atomic().write(Map.of("a", entry("1")));
        Path data = Files.readSymbolicLink(folder.resolve("..data"));
        assertFalse(atomic().write(Map.of("a", entry("1"))));
        assertEquals(data, Files.readSymbolicLink(folder.resolve("..data")));
    }

    @Test
    void aChangeReplacesAllAtOnceAndRemovesWhatWent() throws IOException {
        atomic().write(Map.of("a", entry("1"), "old/x", entry("x")));
        Path before = folder.resolve(Files.readSymbolicLink(folder.resolve("..data")));
        assertTrue(atomic().write(Map.of("a", entry("2"), "b", entry("3"))));
        assertEquals(Set.of("a", "b", "..data"), names());
        assertEquals("2", Files.readString(folder.resolve("a")));
        assertFalse(Files.exists(before));
    }

    @Test
    void aHalfDoneWriteIsFinishedByTheNext() throws IOException {
        Files.createDirectory(folder.resolve("..2026_01_01_00_00_00.000000001"));
        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("nowhere"));
        assertTrue(atomic().write(Map.of("a", entry("1"))));
        assertEquals(Set.of("a", "..data"), names());
        assertFalse(Files.exists(folder.resolve("..2026_01_01_00_00_00.000000001")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "/a", "a/../../b", "..data", ""})
    void noPathLeadsOut(String path) {
        assertThrows(IOException.class, () -> atomic().write(Map.of(path, entry("1"))));
    }
}
