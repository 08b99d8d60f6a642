package io.manul.kubelet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTest {

    private static final Machine.Space PLENTY = new Machine.Space(1L << 40, 1L << 39);

    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({"0, 1", "0-3, 4", "'0-3,6', 5", "'', 0", "x, 0", "'0-1\n', 2"})
    void cpuLists(String list, int count) {
        assertEquals(count, Machine.cpus(list));
    }

    @ParameterizedTest
    @CsvSource({"0.1.0, v1.36.2+manul.0.1.0", "0.1.0+abc, v1.36.2+manul.0.1.0.abc"})
    void versionsAreSemantic(String manul, String kubelet) {
        assertEquals(kubelet, NodeObject.version(manul));
    }

    @ParameterizedTest
    @CsvSource({"a=b:NoSchedule, a, b, NoSchedule", "a:NoExecute, a, '', NoExecute", "a=:NoSchedule, a, '', NoSchedule"})
    void taints(String text, String key, String value, String effect) {
        Obj t = NodeObject.taint(text);
        assertEquals(List.of(key, value, effect), List.of(t.text("key"), t.text("value"), t.text("effect")));
    }

    @Test
    void theMachineIsReadFromProcAndEtc() throws Exception {
        write("proc/meminfo", "MemTotal:       1024 kB\nMemFree: 1 kB\nMemAvailable:    512 kB\n");
        write("proc/sys/kernel/pid_max", "32768\n");
        write("proc/loadavg", "0.1 0.2 0.3 1/209 17996\n");
        write("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        Machine machine = new Machine(root, root);
        assertEquals(new Machine.Space(1 << 20, 1 << 19), machine.memory());
        assertEquals(new Machine.Space(32_768, 32_559), machine.processes());
        assertEquals("Debian GNU/Linux 12 (bookworm)", machine.osImage());
        assertEquals("", machine.machineId(), "not there");
    }

    @Test
    void aKernelNumberIsReadWhole() {
        assertTrue(new Machine(Path.of("/"), root).processes().total() > 300, "under /proc/sys only the first read answers");
    }

    private void write(String path, String text) throws Exception {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void conditionsSayWhatUpstreamSays() {
        assertEquals(List.of("MemoryPressure False KubeletHasSufficientMemory", "DiskPressure False KubeletHasNoDiskPressure",
                "PIDPressure False KubeletHasSufficientPID", "Ready True KubeletReady"), words(NodeConditions.of(PLENTY, PLENTY, PLENTY, "")));
        Machine.Space little = new Machine.Space(1L << 40, 1 << 20);
        assertEquals(List.of("MemoryPressure True KubeletHasInsufficientMemory", "DiskPressure True KubeletHasDiskPressure",
                "PIDPressure True KubeletHasInsufficientPID", "Ready False KubeletNotReady"),
                words(NodeConditions.of(little, little, little, "container runtime is down")));
    }

    private static List<String> words(List<Obj> conditions) {
        return conditions.stream().map(c -> c.text("type") + " " + c.text("status") + " " + c.text("reason")).toList();
    }

    @Test
    void aTransitionKeepsItsTimeAndOthersConditionsStay() {
        Instant then = Instant.parse("2026-01-01T00:00:00Z");
        List<Obj> before = NodeConditions.timed(NodeConditions.of(PLENTY, PLENTY, PLENTY, ""), List.of(Obj.of("type", "Other", "status", "True")), then);
        List<Obj> after = NodeConditions.timed(NodeConditions.of(PLENTY, PLENTY, PLENTY, "down"), before, then.plusSeconds(60));
        assertEquals(List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z", ""),
                after.stream().map(c -> c.text("lastTransitionTime")).toList());
        assertEquals("Other", after.getLast().text("type"));
    }
}
