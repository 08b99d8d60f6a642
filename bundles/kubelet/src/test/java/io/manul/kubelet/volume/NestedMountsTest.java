package io.manul.kubelet.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders other mounts need inside a volume, and that no link is followed to make them. */
class NestedMountsTest {

    @TempDir
    private Path folder;

    private static Obj mount(String volume, String path, String subPath) {
        return Obj.of("name", volume, "mountPath", path, "subPath", subPath.isEmpty() ? null : subPath);
    }

    private static Pod pod(Obj... mounts) {
        return new Pod(Obj.of("metadata", Obj.of("name", "p", "namespace", "default", "uid", "u"), "spec",
                Obj.of("containers", List.of(Obj.of("name", "c", "volumeMounts", List.of(mounts))))));
    }

    @Test
    void theOutermostFoldersBelowAMount() {
        assertEquals(Set.of("features.d", "x/y"), NestedMounts.in(pod(mount("conf", "/etc/nfd/", ""), mount("d", "/etc/nfd/features.d", ""),
                mount("e", "/etc/nfd/features.d/more", ""), mount("f", "/etc/nfd/x/y", ""), mount("g", "/etc/nfdx", ""), mount("h", "/etc", "")), "conf"));
        assertEquals(Set.of(), NestedMounts.in(pod(mount("conf", "/etc/nfd", "one"), mount("d", "/etc/nfd/d", "")), "conf"));
        assertEquals(Set.of(), NestedMounts.in(pod(mount("conf", "/etc", ""), mount("d", "/etc/../root", "")), "conf"));
    }

    @Test
    void theyAreMadeOnceAndNeverThroughALink() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Files.createSymbolicLink(volume.resolve("link"), outside);
        for (int i = 0; i < 2; i++) {
            NestedMounts.make(volume, Set.of("a/b", "link/c"));
        }
        assertTrue(Files.isDirectory(volume.resolve("a/b")));
        assertFalse(Files.exists(outside.resolve("c")));
    }
}
