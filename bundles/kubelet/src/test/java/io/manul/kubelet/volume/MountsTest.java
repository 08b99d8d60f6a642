package io.manul.kubelet.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real mounts, below a mount that is private, and below one that is shared, as systemd makes the root; needs root. */
class MountsTest {

    private static final long MS_PRIVATE = 1 << 18;

    private final Kernel kernel = new Kernel();
    private final Mounts mounts = new Mounts(kernel);
    private Path above;
    private Path root;
    private Path volume;

    @BeforeEach
    void begin() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        above = Files.createTempDirectory("manul-mounts").toRealPath();
        root = Files.createDirectory(above.resolve("kubelet"));
        volume = root.resolve("pods/u-1/volumes/v");
        kernel.bind(above.toString(), above);
    }

    @AfterEach
    void end() throws IOException {
        if (above != null) {
            mounts.unmountAll(above);
            AtomicFolder.delete(above);
        }
    }

    private void propagation(long flag) throws IOException {
        kernel.mount("none", above, "", flag, "");
    }

    private static long times(Path path) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream().filter(l -> l.split(" ")[4].equals(path.toString())).count();
    }

    @Test
    void belowAPrivateMountTheRootIsAMountOfItsOwn() throws IOException {
        propagation(MS_PRIVATE);
        mounts.share(root);
        mounts.share(root);
        assertEquals(1, times(root));
        mounts.memory(volume, 0);
        assertEquals(1, times(volume));
    }

    @Test
    void belowASharedMountAVolumeIsMountedOnce() throws IOException {
        propagation(Kernel.MS_SHARED);
        mounts.share(root);
        assertFalse(mounts.mounted(root));
        mounts.memory(volume, 0);
        assertEquals(1, times(volume));
        mounts.unmountAll(volume);
        assertFalse(mounts.mounted(volume));
    }

    @Test
    void whatAPeerHasTakenAwayIsUnmounted() throws IOException {
        propagation(Kernel.MS_SHARED);
        kernel.bind(root.toString(), root);
        mounts.memory(volume, 0);
        mounts.memory(root.resolve("pods/u-1/volumes/w"), 0);
        assertEquals(2, times(volume));
        mounts.unmountAll(root.resolve("pods/u-1"));
        assertEquals(0, times(volume));
        assertTrue(mounts.mounted(root));
    }
}
