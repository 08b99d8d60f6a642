package io.manul.kubelet.container;

import io.manul.cri.v1.HugepageLimit;
import io.manul.cri.v1.LinuxContainerResources;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.model.Quantity;

/** Requests and limits as control group values (Kubernetes, "Resource Management for Pods and Containers"). */
public final class Limits {

    private static final long PERIOD_MICROS = 100_000;
    private static final long LEAST_QUOTA_MICROS = 1000;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final int SYSTEM_CRITICAL = 2_000_000_000;

    private Limits() {
    }

    public static long shares(long millis) {
        return millis <= 0 ? LEAST_SHARES : Math.clamp(millis * 1024 / 1000, LEAST_SHARES, MOST_SHARES);
    }

    /** Microseconds of each 100 ms; 0: no limit. */
    public static long quota(long millis) {
        return millis <= 0 ? 0 : Math.max(LEAST_QUOTA_MICROS, millis * PERIOD_MICROS / 1000);
    }

    /** @param unified cgroup v2 @param memoryCapacity of the node, in bytes */
    public static LinuxContainerResources of(Pod pod, Obj container, boolean unified, long memoryCapacity) {
        Obj resources = container.at("resources");
        long cpuLimit = Quantity.millis(resources.get("limits", "cpu"));
        boolean asked = resources.has("requests", "cpu");
        long cpu = asked ? Quantity.millis(resources.get("requests", "cpu")) : cpuLimit;
        long memory = Quantity.units(resources.get("limits", "memory"));
        LinuxContainerResources.Builder out = LinuxContainerResources.newBuilder().setCpuShares(shares(cpu))
                .setOomScoreAdj(oomScore(pod, container, memoryCapacity));
        if (cpuLimit > 0) {
            out.setCpuPeriod(PERIOD_MICROS).setCpuQuota(quota(cpuLimit));
        }
        if (memory > 0) {
            out.setMemoryLimitInBytes(memory);
            if (unified) {
                out.setMemorySwapLimitInBytes(memory); // no swap for pods
            }
        }
        if (unified) {
            out.putUnified("memory.oom.group", "1");
        }
        resources.stringMap("limits").forEach((name, amount) -> {
            if (name.startsWith("hugepages-")) {
                out.addHugepageLimits(HugepageLimit.newBuilder().setPageSize(name.substring("hugepages-".length()).replace("i", "") + "B")
                        .setLimit(Quantity.units(amount)));
            }
        });
        return out.build();
    }

    /** Kubernetes, "Node-pressure Eviction", "Node out of memory behavior". */
    public static long oomScore(Pod pod, Obj container, long memoryCapacity) {
        boolean nodeCritical = pod.spec().text("priorityClassName").equals("system-node-critical")
                && pod.spec().number("priority").orElse(0) >= SYSTEM_CRITICAL;
        if (nodeCritical || pod.qos().equals("Guaranteed")) {
            return -997;
        }
        if (pod.qos().equals("BestEffort")) {
            return 1000;
        }
        long request = Quantity.units(container.get("resources", "requests", "memory"));
        if (request == 0) {
            request = Quantity.units(container.get("resources", "limits", "memory"));
        }
        return Math.clamp(1000 - 1000 * request / Math.max(1, memoryCapacity), 3, 999);
    }
}
