package io.manul.cri.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.TestSettings;
import io.manul.cri.containerd.Places;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodNetworkTest {

    @TempDir
    Path folder;
    private PodNetwork network;
    private Path conflist;

    @BeforeEach
    void set() throws Exception {
        Files.createDirectories(folder.resolve("sys/net/ipv4"));
        Files.writeString(folder.resolve("sys/net/ipv4/ip_forward"), "0\n");
        TestSettings settings = new TestSettings("test", folder.resolve("data"), Map.of("cni-bridge", "cni7"));
        network = new PodNetwork(settings, Places.of(settings), folder.resolve("sys"));
        conflist = folder.resolve("data/agent/etc/cni/net.d/10-manul.conflist");
    }

    @Test
    void aSingleNodeHasTheFirstRangeOfTheCluster() throws Exception {
        network.begin();
        String text = Files.readString(conflist);
        assertTrue(text.contains("\"subnet\": \"10.42.0.0/24\"") && text.contains("\"bridge\": \"cni7\""), text);
        assertEquals("1", Files.readString(folder.resolve("sys/net/ipv4/ip_forward")));
    }

    @Test
    void whatTheNodeWasToldIsKept() throws Exception {
        network.begin();
        network.podCidr("10.42.3.0/24,fd42:0:0:3::/64");
        assertTrue(Files.readString(conflist).contains("\"subnet\": \"10.42.3.0/24\""));
        assertTrue(Files.readString(conflist).contains("\"subnet\": \"fd42:0:0:3:0:0:0:0/64\""), Files.readString(conflist));
        Files.delete(conflist);
        network.begin();
        assertTrue(Files.readString(conflist).contains("\"subnet\": \"10.42.3.0/24\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.42.0.0", "10.42.0.0/33", "10.42.0.0/2", "host/24", "10.1.0.0/24\"", "1.0.0.0/8,2.0.0.0/8,3.0.0.0/8"})
    void whatIsNoRangeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cidr.list(text));
    }
}
