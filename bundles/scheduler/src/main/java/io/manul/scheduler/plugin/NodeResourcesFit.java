package io.manul.scheduler.plugin;

import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.Resources;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests must fit into what is allocatable and not taken; the emptier node scores higher (LeastAllocated). */
final class NodeResourcesFit implements SchedulerPlugin {

    @Override
    public String name() {
        return "NodeResourcesFit";
    }

    @Override
    public Optional<String> filter(PodWish pod, NodeState node) {
        Resources free = node.free();
        Resources wants = pod.requests();
        List<String> lacks = new ArrayList<>();
        if (wants.pods() > free.pods()) {
            lacks.add("Too many pods");
        }
        if (wants.milliCpu() > 0 && wants.milliCpu() > free.milliCpu()) {
            lacks.add("Insufficient cpu");
        }
        if (wants.memoryBytes() > 0 && wants.memoryBytes() > free.memoryBytes()) {
            lacks.add("Insufficient memory");
        }
        if (wants.ephemeralBytes() > 0 && wants.ephemeralBytes() > free.ephemeralBytes()) {
            lacks.add("Insufficient ephemeral-storage");
        }
        wants.extended().forEach((name, amount) -> {
            if (amount > 0 && amount > free.extended().getOrDefault(name, 0L)) {
                lacks.add("Insufficient " + name);
            }
        });
        return lacks.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lacks));
    }

    @Override
    public int score(PodWish pod, NodeState node) {
        Resources after = node.free().minus(pod.requests());
        return (share(after.milliCpu(), node.allocatable().milliCpu())
                + share(after.memoryBytes(), node.allocatable().memoryBytes())) / 2;
    }

    private static int share(long free, long all) {
        return all <= 0 || free <= 0 ? 0 : (int) (100.0 * free / all);
    }

    @Override
    public int weight() {
        return 1;
    }
}
