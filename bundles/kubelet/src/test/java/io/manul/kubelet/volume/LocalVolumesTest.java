package io.manul.kubelet.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalVolumesTest {

    private static final String NAME = "pvc-927509b3-2e5b-4bd1-9522-05b8c63b3082";

    @TempDir
    Path folder;
    private LocalVolumes volumes;

    @BeforeEach
    void fresh() {
        volumes = new LocalVolumes(folder.resolve("kubelet"));
    }

    @Test
    void madeForAllInAParentForNobody() throws Exception {
        Path at = folder.resolve("storage").resolve(NAME + "_ns_data");
        volumes.make(NAME, at.toString());
        Files.writeString(at.resolve("kept"), "x");
        volumes.make(NAME, at.toString());
        assertEquals(0777, (int) Files.getAttribute(at, "unix:mode") & 07777);
        assertEquals(0700, (int) Files.getAttribute(at.getParent(), "unix:mode") & 07777);
        assertTrue(Files.exists(at.resolve("kept")));
    }

    @Test
    void removedWithoutFollowingLinks() throws Exception {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "x");
        Path at = folder.resolve("storage").resolve(NAME + "_ns_data");
        volumes.make(NAME, at.toString());
        Files.createSymbolicLink(at.resolve("link"), outside);
        volumes.remove(NAME, at.toString());
        volumes.remove(NAME, at.toString());
        assertFalse(Files.exists(at));
        assertTrue(Files.exists(outside.resolve("file")));
    }

    /** A path of the class' pattern is known by what was written down, nothing else is removed. */
    @Test
    void onlyWhatWasMadeHereIsRemoved() throws Exception {
        Path mine = folder.resolve("storage/ns/data");
        volumes.make(NAME, mine.toString());
        Path other = Files.createDirectories(folder.resolve("storage/ns/other"));
        assertThrows(LocalVolumes.NotAllowed.class, () -> volumes.remove(NAME, other.toString()));
        volumes.remove(NAME, mine.toString());
        assertFalse(Files.exists(mine));
        assertThrows(LocalVolumes.NotAllowed.class, () -> volumes.remove(NAME, other.toString()));
        assertTrue(Files.exists(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/etc", "/etc/x", "relative/x", "/a/../etc/pvc-1", ""})
    void pathsOfTheSystemAreRefused(String path) {
        assertThrows(LocalVolumes.NotAllowed.class, () -> volumes.make(NAME, path));
        assertThrows(LocalVolumes.NotAllowed.class, () -> volumes.remove(NAME, path));
    }

    @Test
    void namesAreChecked() {
        assertThrows(LocalVolumes.NotAllowed.class, () -> volumes.make("../x", folder.resolve("a").toString()));
    }
}
