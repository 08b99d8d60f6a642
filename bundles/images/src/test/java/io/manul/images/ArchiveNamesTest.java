package io.manul.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.cri.oci.OciArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveNamesTest {

    @TempDir
    Path folder;

    private static byte[] archive() {
        return OciArchive.here("manul.io/test/a:1").file("/big", 0644, new byte[100_000]).bytes();
    }

    @Test
    void ofAnOciArchivePlainAndCompressed() throws Exception {
        Path plain = Files.write(folder.resolve("a.tar"), archive());
        Path packed = folder.resolve("a.tgz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(archive());
        }
        assertEquals(Set.of("manul.io/test/a:1"), ArchiveNames.of(plain));
        assertEquals(Set.of("manul.io/test/a:1"), ArchiveNames.of(packed));
    }

    @Test
    void ofADockerArchive() throws Exception {
        assertEquals(Set.of("docker.io/library/busybox:1.36", "registry.example/x:2"),
                ArchiveNames.of(tar("manifest.json", "[{\"RepoTags\":[\"busybox:1.36\",\"registry.example/x:2\"]}]")));
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        refused("neither index.json", tar("readme.txt", "hello"));
        refused("names no image", tar("manifest.json", "[{\"RepoTags\":null}]"));
        refused("no JSON", tar("index.json", "{\"manifests\":"));
        refused("no tar archive", Files.writeString(folder.resolve("page.tar"), "<html>404</html>".repeat(100)));
        refused("ends in the middle", Files.write(folder.resolve("half.tar"), Arrays.copyOf(archive(), 60_000)));
    }

    private static void refused(String why, Path archive) {
        IOException e = assertThrows(IOException.class, () -> ArchiveNames.of(archive));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    private Path tar(String name, String content) throws Exception {
        Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
        Path archive = folder.resolve("test.tar");
        assertEquals(0, new ProcessBuilder("tar", "--format=ustar", "-cf", archive.toString(), "-C", folder.toString(), "./" + name).start().waitFor());
        return archive;
    }

    @ParameterizedTest
    @CsvSource({"busybox,docker.io/library/busybox:latest", "me/x:1,docker.io/me/x:1", "docker.io/x:1,docker.io/library/x:1",
        "docker.io/me/x:1,docker.io/me/x:1", "localhost/x,localhost/x:latest",
        "host:5000/a/b,host:5000/a/b:latest", "ghcr.io/a/b@sha256:00,ghcr.io/a/b@sha256:00"})
    void shortNamesAreMadeFull(String name, String full) {
        assertEquals(full, ArchiveNames.full(name));
    }
}
