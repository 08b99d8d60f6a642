package io.manul.updater.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

class BundleJarTest {

    private static final byte[] CONTENT = "a class, say".getBytes(StandardCharsets.UTF_8);
    @TempDir
    Path folder;
    private final Bundle running = FakeRoom.bundle("io.manul.room", "1.0.0");

    private Path jar(Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        Path jar = folder.resolve("room.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry("io/manul/room/Room.class"));
            out.write(CONTENT);
        }
        return jar;
    }

    private String refused(Path jar) {
        return assertThrows(Refused.class, () -> BundleJar.read(jar, running)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"0.1.0,0.1.0.r1", "0.1.0.r1,0.1.0.r2", "0.1.0.r999,0.1.0.r1000", "2.3.4.SNAPSHOT,2.3.4.r1", "1.0.0.r12345678901,1.0.0.r1"})
    void theNextVersion(String now, String next) {
        assertEquals(next, BundleJar.next(new Version(now)));
    }

    @Test
    void theSameBundleAgainDiffersInItsVersionOnly() throws Exception {
        Path jar = jar(Map.of("Bundle-SymbolicName", "io.manul.room", "Bundle-Version", "1.0.0", "Import-Package", "a,b"));
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(BundleJar.again(jar, new Version("1.0.0"))))) {
            Attributes main = in.getManifest().getMainAttributes();
            assertEquals("1.0.0.r1", main.getValue("Bundle-Version"));
            assertEquals("io.manul.room", main.getValue("Bundle-SymbolicName"));
            assertEquals("a,b", main.getValue("Import-Package"));
            assertEquals("io/manul/room/Room.class", in.getNextJarEntry().getName());
            assertArrayEquals(CONTENT, in.readAllBytes());
        }
    }

    @Test
    void anotherVersionIsTakenAsItIs() throws Exception {
        Path jar = jar(Map.of("Bundle-SymbolicName", "io.manul.room;singleton:=false", "Bundle-Version", "1.0.1"));
        assertArrayEquals(Files.readAllBytes(jar), BundleJar.read(jar, running));
    }

    @Test
    void whatIsNoOtherVersionOfTheBundleIsRefused() throws Exception {
        Path none = folder.resolve("none.jar");
        assertEquals(none + " is not a file", refused(none));
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        assertEquals(text + " is not a bundle: it has no manifest at its beginning", refused(text));
        Path other = jar(Map.of("Bundle-SymbolicName", "io.manul.json", "Bundle-Version", "9"));
        assertEquals(other + " is bundle io.manul.json, not io.manul.room", refused(other));
        Path plain = jar(Map.of());
        assertEquals(plain + " is bundle null, not io.manul.room", refused(plain));
        Path same = jar(Map.of("Bundle-SymbolicName", "io.manul.room", "Bundle-Version", "1.0"));
        assertEquals(same + " has version 1.0, which is the one that runs; leave --to out to run the same bundle again as a new version", refused(same));
        Path odd = jar(Map.of("Bundle-SymbolicName", "io.manul.room", "Bundle-Version", "one"));
        assertTrue(refused(odd).startsWith(odd + " cannot be read as a bundle: "), refused(odd));
        Path large = folder.resolve("large.jar");
        try (RandomAccessFile f = new RandomAccessFile(large.toFile(), "rw")) {
            f.setLength((64L << 20) + 1); // sparse
        }
        assertEquals(large + " has 67108865 bytes; a bundle has at most 67108864", refused(large));
    }

    @Test
    void aRunningBundleWhoseFileIsGoneIsTold() {
        Path gone = folder.resolve("gone.jar");
        assertTrue(assertThrows(Refused.class, () -> BundleJar.again(gone, new Version("1.0.0"))).getMessage()
                .startsWith("the running bundle's file " + gone + " cannot be read: "));
    }
}
