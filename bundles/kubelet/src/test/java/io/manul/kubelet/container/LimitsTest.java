package io.manul.kubelet.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.cri.v1.LinuxContainerResources;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {

    private static final long GIB = 1L << 30;

    private static Pod pod(String resources) {
        return new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"resources\":" + resources + "}]}}"));
    }

    @ParameterizedTest
    @CsvSource({"0,2", "1,2", "2,2", "100,102", "500,512", "1000,1024", "2500,2560", "1000000,262144"})
    void sharesOfMillicores(long millis, long shares) {
        assertEquals(shares, Limits.shares(millis));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1000", "10,1000", "100,10000", "1500,150000"})
    void quotaOfMillicores(long millis, long quota) {
        assertEquals(quota, Limits.quota(millis));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                                       | BestEffort | 1000
            {"requests":{"memory":"1Gi"}}                                                            | Burstable  | 750
            {"requests":{"memory":"1"}}                                                              | Burstable  | 999
            {"requests":{"memory":"100Gi"}}                                                          | Burstable  | 3
            {"limits":{"cpu":"1"},"requests":{"cpu":"500m"}}                                         | Burstable  | 999
            {"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1","memory":"1Gi"}}              | Guaranteed | -997
            {"limits":{"cpu":"1","memory":"1Gi"}}                                                    | Guaranteed | -997
            """)
    void classAndOomScore(String resources, String qos, long score) {
        Pod pod = pod(resources);
        assertEquals(qos, pod.qos());
        assertEquals(score, Limits.oomScore(pod, pod.containers().getFirst(), 4 * GIB));
    }

    @ParameterizedTest
    @CsvSource({"system-node-critical,2000001000,-997", "system-cluster-critical,2000000000,1000", "high,1000000000,1000"})
    void onlyWhatTheNodeNeedsIsKeptAsGuaranteedPodsAre(String priorityClass, long priority, long score) {
        Pod pod = new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\"},\"spec\":{\"priorityClassName\":\"" + priorityClass + "\",\"priority\":"
                + priority + ",\"containers\":[{\"name\":\"c\"}]}}"));
        assertEquals(score, Limits.oomScore(pod, pod.containers().getFirst(), 4 * GIB));
    }

    @Test
    void limitsOnBothVersionsOfCgroups() {
        Pod pod = pod("{\"limits\":{\"cpu\":\"250m\",\"memory\":\"64Mi\"},\"requests\":{\"cpu\":\"100m\"}}");
        LinuxContainerResources one = Limits.of(pod, pod.containers().getFirst(), false, GIB);
        assertEquals(102, one.getCpuShares());
        assertEquals(25_000, one.getCpuQuota());
        assertEquals(100_000, one.getCpuPeriod());
        assertEquals(64L << 20, one.getMemoryLimitInBytes());
        assertEquals(0, one.getUnifiedCount());
        LinuxContainerResources two = Limits.of(pod, pod.containers().getFirst(), true, GIB);
        assertEquals(64L << 20, two.getMemorySwapLimitInBytes());
        assertEquals("1", two.getUnifiedOrThrow("memory.oom.group"));
    }

    @Test
    void hugePagesByTheKernelsNameOfTheirSize() {
        Pod pod = pod("{\"limits\":{\"hugepages-2Mi\":\"4Mi\",\"hugepages-1Gi\":\"1Gi\"}}");
        var limits = Limits.of(pod, pod.containers().getFirst(), false, GIB).getHugepageLimitsList();
        assertTrue(limits.stream().anyMatch(l -> l.getPageSize().equals("2MB") && l.getLimit() == 4 << 20));
        assertTrue(limits.stream().anyMatch(l -> l.getPageSize().equals("1GB") && l.getLimit() == GIB));
    }
}
