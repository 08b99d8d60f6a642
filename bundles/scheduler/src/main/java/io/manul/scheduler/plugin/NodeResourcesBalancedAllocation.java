package io.manul.scheduler.plugin;

import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.Resources;
import io.manul.scheduler.api.SchedulerPlugin;

/** A node whose cpu and memory would be used to the same degree scores higher. */
final class NodeResourcesBalancedAllocation implements SchedulerPlugin {

    @Override
    public String name() {
        return "NodeResourcesBalancedAllocation";
    }

    @Override
    public int score(PodWish pod, NodeState node) {
        Resources used = node.requested().plus(pod.requests());
        double cpu = share(used.milliCpu(), node.allocatable().milliCpu());
        double memory = share(used.memoryBytes(), node.allocatable().memoryBytes());
        return (int) Math.round(100 * (1 - Math.abs(cpu - memory) / 2));
    }

    private static double share(long used, long all) {
        return all <= 0 ? 1 : Math.min(1, (double) used / all);
    }

    @Override
    public int weight() {
        return 1;
    }
}
