package io.manul.kubelet.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as the kernel writes them (Linux 6.1, both versions). */
class UsageTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void unified() throws Exception {
        file("cgroup.controllers", "cpu memory pids\n");
        file("pods/a/cpu.stat", "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\nnr_periods 7\nnr_throttled 2\nthrottled_usec 30\n");
        file("pods/a/memory.current", "10000\n");
        file("pods/a/memory.max", "20000\n");
        file("pods/a/memory.stat", "anon 4000\nfile 5000\ninactive_file 3000\npgfault 11\npgmajfault 1\n");
        file("pods/a/pids.current", "3\n");
        Usage u = Usage.of(new Cgroups(root), "/pods/a", NOW).orElseThrow();
        assertEquals(new Usage(NOW, 1_500_000, 1_000_000, 500_000, 10000, 7000, 4000, 5000, Usage.NONE, 20000, 11, 1, 3, 7, 2, 30_000), u);
    }

    @Test
    void withoutALimit() throws Exception {
        file("cgroup.controllers", "cpu memory pids\n");
        file("pods/a/cpu.stat", "usage_usec 1\n");
        file("pods/a/memory.current", "5\n");
        file("pods/a/memory.max", "max\n");
        assertEquals(Usage.NONE, Usage.of(new Cgroups(root), "/pods/a", NOW).orElseThrow().limit());
    }

    @Test
    void split() throws Exception {
        file("cpuacct/pods/a/cpuacct.usage", "1234567\n");
        file("cpuacct/pods/a/cpuacct.stat", "user 3\nsystem 2\n");
        file("cpu/pods/a/cpu.stat", "nr_periods 4\nnr_throttled 1\nthrottled_time 99\n");
        file("memory/pods/a/memory.usage_in_bytes", "9000\n");
        file("memory/pods/a/memory.limit_in_bytes", "9223372036854771712\n");
        file("memory/pods/a/memory.stat", "rss 1\ntotal_rss 2000\ntotal_cache 6000\ntotal_swap 0\ntotal_inactive_file 10000\ntotal_pgfault 5\ntotal_pgmajfault 0\n");
        file("pids/pods/a/pids.current", "2\n");
        Usage u = Usage.of(new Cgroups(root), "/pods/a", NOW).orElseThrow();
        assertEquals(new Usage(NOW, 1_234_567, 30_000_000, 20_000_000, 9000, 0, 2000, 6000, 0, Usage.NONE, 5, 0, 2, 4, 1, 99), u,
                "the working set is never negative");
    }

    @Test
    void whatIsGoneUsesNothing() throws Exception {
        file("cgroup.controllers", "cpu\n");
        assertTrue(Usage.of(new Cgroups(root), "/pods/gone", NOW).isEmpty());
    }
}
