package io.manul.cri.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciArchiveTest {

    @TempDir
    Path folder;

    private static OciArchive hello() {
        return new OciArchive("manul.io/test/hello:1", "amd64").entrypoint("/bin/say", "\"hi\"").environment("PATH", "/bin")
                .file("/bin/say", 0755, "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)).symbolicLink("/usr/say", "/bin/say")
                .hardLink("/bin/tell", "/bin/say");
    }

    @Test
    void tarReadsWhatIsWritten() throws Exception {
        Path archive = folder.resolve("hello.tar");
        hello().write(archive);
        List<String> names = run("tar", "-tf", archive.toString()).lines().toList();
        assertTrue(names.containsAll(List.of("oci-layout", "index.json")), names.toString());
        assertEquals(3, names.stream().filter(n -> n.matches("blobs/sha256/[0-9a-f]{64}")).count());
        run("tar", "-xf", archive.toString(), "-C", folder.toString());
        for (String blob : names.stream().filter(n -> n.matches("blobs/sha256/[0-9a-f]{64}")).toList()) {
            assertTrue(run("sha256sum", folder.resolve(blob).toString()).startsWith(blob.substring(13)), blob);
        }
        assertTrue(Files.readString(folder.resolve("index.json")).contains("\"io.containerd.image.name\":\"manul.io/test/hello:1\""));
    }

    @Test
    void theLayerHoldsFilesFoldersAndLinks() throws Exception {
        Path archive = folder.resolve("hello.tar");
        hello().write(archive);
        run("tar", "-xf", archive.toString(), "-C", folder.toString());
        Path layer;
        try (var blobs = Files.list(folder.resolve("blobs/sha256"))) {
            layer = blobs.filter(OciArchiveTest::isTar).findFirst().orElseThrow();
        }
        List<String> names = run("tar", "-tvf", layer.toString()).lines().map(l -> l.replaceAll("\\s+", " ")).toList();
        assertEquals(5, names.size(), names.toString());
        assertTrue(names.get(1).startsWith("-rwxr-xr-x 0/0 10 ") && names.get(1).endsWith("bin/say"), names.get(1));
        assertTrue(names.get(3).endsWith("usr/say -> /bin/say"), names.get(3));
        assertTrue(names.get(4).endsWith("bin/tell link to bin/say"), names.get(4));
    }

    @Test
    void theSameContentGivesTheSameBytes() {
        assertArrayEquals(hello().bytes(), hello().bytes());
    }

    @Test
    void aPathOutsideIsRefused() {
        OciArchive image = new OciArchive("x:1", "amd64");
        assertThrows(IllegalArgumentException.class, () -> image.file("bin/x", 0644, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> image.file("/a/../../x", 0644, new byte[0]));
    }

    private static boolean isTar(Path file) {
        try {
            byte[] head = Files.readAllBytes(file);
            return head.length > 262 && new String(head, 257, 5, StandardCharsets.US_ASCII).equals("ustar");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
