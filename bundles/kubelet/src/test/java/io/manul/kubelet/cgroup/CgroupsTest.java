package io.manul.kubelet.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import io.manul.kubelet.Sight;
import io.manul.kubelet.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupsTest {

    private static final String GROUP = "/kubepods/burstable/podu-1";

    @TempDir
    private Path root;

    @Test
    void versionOneHasEachLimitInItsHierarchy() throws Exception {
        for (String h : new String[] {"memory", "cpu", "pids"}) {
            Files.createDirectory(root.resolve(h));
        }
        Cgroups cgroups = new Cgroups(root);
        assertFalse(cgroups.unified());
        cgroups.create(GROUP, new PodLimits(1 << 20, 512, 20_000));
        assertEquals("1048576", Files.readString(root.resolve("memory" + GROUP + "/memory.limit_in_bytes")));
        assertEquals("512", Files.readString(root.resolve("cpu" + GROUP + "/cpu.shares")));
        assertEquals("20000", Files.readString(root.resolve("cpu" + GROUP + "/cpu.cfs_quota_us")));
    }

    @Test
    void versionTwoHasOneHierarchy() throws Exception {
        Files.createFile(root.resolve("cgroup.controllers"));
        Cgroups cgroups = new Cgroups(root);
        assertTrue(cgroups.unified());
        cgroups.create(GROUP, new PodLimits(1 << 20, 512, 20_000));
        assertEquals("1048576", Files.readString(root.resolve(GROUP.substring(1) + "/memory.max")));
        assertEquals("20000 100000", Files.readString(root.resolve(GROUP.substring(1) + "/cpu.max")));
        assertEquals("20", Files.readString(root.resolve(GROUP.substring(1) + "/cpu.weight")));
        assertEquals("0", Files.readString(root.resolve(GROUP.substring(1) + "/memory.swap.max")));
        assertEquals("+cpu +memory +pids", Files.readString(root.resolve("kubepods/cgroup.subtree_control")));
    }

    @Test
    void classesOfPodsWeighWhatTheirPodsAskFor() throws Exception {
        Files.createFile(root.resolve("cgroup.controllers"));
        Cgroups two = new Cgroups(root);
        two.weigh("/kubepods", () -> new ClassShares(2048, 512, 2));
        assertEquals("79", Files.readString(root.resolve("kubepods/cpu.weight")));
        assertEquals("20", Files.readString(root.resolve("kubepods/burstable/cpu.weight")));
        assertEquals("1", Files.readString(root.resolve("kubepods/besteffort/cpu.weight")));
        Files.delete(root.resolve("cgroup.controllers"));
        new Cgroups(root).weigh("/kubepods", () -> new ClassShares(0, 512, 2));
        assertFalse(Files.exists(root.resolve("cpu/kubepods/cpu.shares")), "the node is not known yet");
        assertEquals("512", Files.readString(root.resolve("cpu/kubepods/burstable/cpu.shares")));
        assertEquals("2", Files.readString(root.resolve("cpu/kubepods/besteffort/cpu.shares")));
    }

    @Test
    void onlyBurstablePodsThatAreNotOverCount() {
        Pod burstable = Sight.pod("\"containers\":[{\"name\":\"c\",\"resources\":{\"requests\":{\"cpu\":\"250m\"}}}]");
        Pod guaranteed = Sight.pod("\"containers\":[{\"name\":\"c\",\"resources\":{\"limits\":{\"cpu\":\"1\",\"memory\":\"1Gi\"}}}]");
        Pod bestEffort = Sight.pod("\"containers\":[{\"name\":\"c\"}]");
        Pod over = new Pod(burstable.object().copy().put("status", Obj.of("phase", "Succeeded")));
        Obj node = Obj.parse("{\"status\":{\"allocatable\":{\"cpu\":\"1500m\"}}}");
        assertEquals(new ClassShares(1536, 512, 2), ClassShares.of(List.of(burstable, burstable, guaranteed, bestEffort, over), node));
        assertEquals(new ClassShares(0, 2, 2), ClassShares.of(List.of(guaranteed), Obj.of()));
    }

    @ParameterizedTest
    @CsvSource({"2,1", "102,4", "204,8", "1024,39", "2048,79", "262144,10000"})
    void weightOfShares(long shares, long weight) {
        assertEquals(weight, Cgroups.weight(shares));
    }

    @Test
    void groupsAreRemovedFromEveryHierarchy() throws Exception {
        for (String h : new String[] {"memory", "cpu"}) {
            Files.createDirectories(root.resolve(h + GROUP + "/container"));
        }
        assertTrue(new Cgroups(root).remove(GROUP));
        assertFalse(Files.exists(root.resolve("memory" + GROUP)));
        assertTrue(Files.exists(root.resolve("cpu/kubepods/burstable")));
        assertTrue(new Cgroups(root).remove(GROUP), "nothing there is well too");
    }

    @Test
    void aPodIsLimitedOnlyWhereAllItsContainersAre() {
        String a = "{\"name\":\"a\",\"resources\":{\"limits\":{\"memory\":\"10Mi\",\"cpu\":\"100m\"},\"requests\":{\"cpu\":\"50m\"}}}";
        assertEquals(new PodLimits(20 << 20, 102, 20_000), PodLimits.of(Sight.pod("\"containers\":[" + a + "," + a + "]")));
        assertEquals(new PodLimits(0, 51, 0), PodLimits.of(Sight.pod("\"containers\":[" + a + ",{\"name\":\"b\"}]")));
        assertEquals(new PodLimits(0, 307, 0), PodLimits.of(Sight.pod("\"initContainers\":[{\"name\":\"i\",\"resources\":{\"requests\":"
                + "{\"cpu\":\"300m\"}}}],\"containers\":[" + a + "]")), "an init container asks for more than the others");
    }
}
