package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.api.Resources;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.List;

/** How the resources that count for a score are told, and read from node and pod (ScoringStrategy.resources). */
record ResourceScore(List<Weighted> resources) {

    /** A ResourceSpec. */
    record Weighted(String name, long weight) {
    }

    static final ResourceScore DEFAULT = new ResourceScore(List.of(new Weighted("cpu", 1), new Weighted("memory", 1)));

    static ResourceScore of(List<Obj> specs) {
        List<Weighted> all = new ArrayList<>();
        specs.forEach(s -> all.add(new Weighted(s.text("name"), Math.max(1, s.number("weight").orElse(1)))));
        return all.isEmpty() ? DEFAULT : new ResourceScore(List.copyOf(all));
    }

    static long allocatable(String name, NodeInfo node) {
        return amount(name, node.facts().allocatable());
    }

    static long asked(String name, PodInfo pod) {
        return amount(name, pod.demand().requests());
    }

    private static long amount(String name, Resources r) {
        return switch (name) {
            case "cpu" -> r.milliCpu();
            case "memory" -> r.memoryBytes();
            case "ephemeral-storage" -> r.ephemeralBytes();
            default -> r.extended().getOrDefault(name, 0L);
        };
    }

    static long taken(String name, NodeInfo node) {
        return switch (name) {
            case "cpu" -> node.cpu();
            case "memory" -> node.memory();
            case "ephemeral-storage" -> node.ephemeral();
            default -> node.extended(name);
        };
    }

    static boolean extended(String name) {
        return !name.equals("cpu") && !name.equals("memory") && !name.equals("ephemeral-storage");
    }
}
