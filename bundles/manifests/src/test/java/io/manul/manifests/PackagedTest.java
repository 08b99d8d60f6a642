package io.manul.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a distribution brings along lies in the folder after each start. */
class PackagedTest {

    @TempDir
    private Path folder;

    @Test
    void filesArePutFilledInAndNotWrittenTwice() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Path root = folder.resolve("server/manifests");
        Files.writeString(source.resolve("dns.yaml"), "ip: %{CLUSTER_DNS}%, domain: %{CLUSTER_DOMAIN}%\n");
        Files.writeString(source.resolve("ingress.yaml"), "a: b\n");
        Files.writeString(source.resolve("README.md"), "no manifest\n");
        Packaged packaged = new Packaged(source, List.of("ingress"), Map.of("CLUSTER_DNS", "10.43.0.10", "CLUSTER_DOMAIN", "cluster.local"));
        packaged.put(root);
        Path dns = root.resolve("dns.yaml");
        assertEquals("ip: 10.43.0.10, domain: cluster.local\n", Files.readString(dns));
        assertFalse(Files.exists(root.resolve("ingress.yaml")));
        assertFalse(Files.exists(root.resolve("README.md")));
        Files.setLastModifiedTime(dns, FileTime.fromMillis(1000));
        packaged.put(root);
        assertEquals(1000, Files.getLastModifiedTime(dns).toMillis());
        Files.writeString(dns, "changed by hand\n");
        packaged.put(root);
        assertEquals("ip: 10.43.0.10, domain: cluster.local\n", Files.readString(dns));
    }
}
