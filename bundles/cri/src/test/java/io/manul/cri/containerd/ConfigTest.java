package io.manul.cri.containerd;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigTest {

    private static String toml(String version, boolean oomScores) {
        Places places = new Places(Path.of("/var/lib/manul"), Path.of("/run/manul"));
        return new Config(Version.parse("x " + version + ".0"), places, Path.of("/usr/sbin/runc"), Path.of("/usr/lib/cni"), oomScores,
                "overlayfs", false).toml();
    }

    @Test
    void beforeTwoOneTableForTheWholeOfCri() {
        String toml = toml("1.6", true);
        assertTrue(toml.contains("version = 2\n"), toml);
        assertTrue(toml.contains("sandbox_image = \"manul.io/pause:1\""), toml);
        assertTrue(toml.contains("bin_dir = \"/usr/lib/cni\""), toml);
        assertTrue(toml.contains("oom_score = -999"), toml);
        assertFalse(toml.contains("io.containerd.nri.v1.nri"), "1.6 has no NRI");
        assertTrue(toml("1.7", true).contains("[plugins.\"io.containerd.nri.v1.nri\"]\n  disable = true"));
    }

    @Test
    void fromTwoOnImagesAndRuntimeApart() {
        String toml = toml("2.1", true);
        assertTrue(toml.contains("version = 3\n"), toml);
        assertTrue(toml.contains("sandbox = \"manul.io/pause:1\""), toml);
        assertTrue(toml.contains("bin_dirs = [\"/usr/lib/cni\"]"), toml);
        assertTrue(toml.contains("Root = \"/run/manul/containerd/runc\""), toml);
    }

    @Test
    void withoutCapSysResourceNoOomScoreIsLowered() {
        for (String version : new String[] {"1.6", "2.1"}) {
            String toml = toml(version, false);
            assertTrue(toml.contains("restrict_oom_score_adj = true") && toml.contains("\noom_score = 0\n"), toml);
        }
    }
}
