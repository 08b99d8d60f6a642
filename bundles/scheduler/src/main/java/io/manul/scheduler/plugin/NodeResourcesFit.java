package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.api.Resources;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Requests must fit into what is allocatable and not taken; scored by LeastAllocated, MostAllocated or RequestedToCapacityRatio. */
final class NodeResourcesFit implements Plugin {

    private final Allocation scoring;
    private final Set<String> ignored;
    private final Set<String> ignoredGroups;

    NodeResourcesFit(Obj args) {
        this.scoring = Allocation.of(args.at("scoringStrategy"));
        this.ignored = Set.copyOf(args.strings("ignoredResources"));
        this.ignoredGroups = Set.copyOf(args.strings("ignoredResourceGroups"));
    }

    @Override
    public String name() {
        return "NodeResourcesFit";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        return Optional.of(new Fit(pod));
    }

    private boolean counts(String extended) {
        int slash = extended.indexOf('/');
        return !ignored.contains(extended) && (slash < 0 || !ignoredGroups.contains(extended.substring(0, slash)));
    }

    private final class Fit implements Rule {

        private final PodInfo pod;
        private final Resources wants;
        /** The most usual refusals, made once. */
        private final Refusal cpu = Refusal.crowded(name(), "Insufficient cpu");
        private final Refusal memory = Refusal.crowded(name(), "Insufficient memory");

        Fit(PodInfo pod) {
            this.pod = pod;
            this.wants = pod.demand().requests();
        }

        @Override
        public Refusal filter(NodeInfo node) {
            Resources all = node.facts().allocatable();
            boolean pods = node.pods().size() + 1 <= all.pods();
            boolean enoughCpu = wants.milliCpu() == 0 || wants.milliCpu() <= all.milliCpu() - node.cpu();
            boolean enoughMemory = wants.memoryBytes() == 0 || wants.memoryBytes() <= all.memoryBytes() - node.memory();
            boolean ephemeral = wants.ephemeralBytes() == 0 || wants.ephemeralBytes() <= all.ephemeralBytes() - node.ephemeral();
            if (wants.extended().isEmpty() && pods && ephemeral) {
                if (enoughCpu && enoughMemory) {
                    return null;
                }
                if (enoughMemory && wants.milliCpu() <= all.milliCpu()) {
                    return cpu;
                }
                if (enoughCpu && wants.memoryBytes() <= all.memoryBytes()) {
                    return memory;
                }
            }
            return lacks(node, pods, enoughCpu, enoughMemory, ephemeral);
        }

        private Refusal lacks(NodeInfo node, boolean pods, boolean enoughCpu, boolean enoughMemory, boolean ephemeral) {
            Resources all = node.facts().allocatable();
            List<String> lacks = new ArrayList<>();
            boolean resolvable = true;
            if (!pods) {
                lacks.add("Too many pods");
            }
            if (!enoughCpu) {
                lacks.add("Insufficient cpu");
                resolvable &= wants.milliCpu() <= all.milliCpu();
            }
            if (!enoughMemory) {
                lacks.add("Insufficient memory");
                resolvable &= wants.memoryBytes() <= all.memoryBytes();
            }
            if (!ephemeral) {
                lacks.add("Insufficient ephemeral-storage");
                resolvable &= wants.ephemeralBytes() <= all.ephemeralBytes();
            }
            for (Map.Entry<String, Long> e : wants.extended().entrySet()) {
                long there = all.extended().getOrDefault(e.getKey(), 0L);
                if (e.getValue() > 0 && counts(e.getKey()) && e.getValue() > there - node.extended(e.getKey())) {
                    lacks.add("Insufficient " + e.getKey());
                    resolvable &= e.getValue() <= there;
                }
            }
            return lacks.isEmpty() ? null : new Refusal(name(), List.copyOf(lacks), resolvable);
        }

        @Override
        public boolean scores(List<NodeInfo> feasible) {
            return true;
        }

        @Override
        public long score(NodeInfo node) {
            return scoring.score(pod, node);
        }
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Change.NODES_AND_PODS;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return switch (change) {
            case Change.Pod p -> p.before() != null && (p.after() == null || shrank(p.before(), p.after()));
            case Change.Node n -> n.after() != null && could(pod, n.after()) && (n.before() == null || grew(pod, n.before(), n.after()));
            default -> false;
        };
    }

    private static boolean shrank(PodInfo before, PodInfo after) {
        Resources was = before.demand().requests();
        Resources is = after.demand().requests();
        return is.milliCpu() < was.milliCpu() || is.memoryBytes() < was.memoryBytes();
    }

    /** An empty node like this would do. */
    private boolean could(PodInfo pod, NodeFacts node) {
        Resources wants = pod.demand().requests();
        Resources all = node.allocatable();
        return all.pods() >= 1 && wants.milliCpu() <= all.milliCpu() && wants.memoryBytes() <= all.memoryBytes()
                && wants.ephemeralBytes() <= all.ephemeralBytes() && wants.extended().entrySet().stream()
                .allMatch(e -> !counts(e.getKey()) || e.getValue() <= all.extended().getOrDefault(e.getKey(), 0L));
    }

    private boolean grew(PodInfo pod, NodeFacts before, NodeFacts after) {
        Resources wants = pod.demand().requests();
        Resources was = before.allocatable();
        Resources is = after.allocatable();
        return is.pods() > was.pods() || wants.milliCpu() > 0 && is.milliCpu() > was.milliCpu()
                || wants.memoryBytes() > 0 && is.memoryBytes() > was.memoryBytes() || wants.ephemeralBytes() > 0 && is.ephemeralBytes() > was.ephemeralBytes()
                || wants.extended().keySet().stream().anyMatch(k -> is.extended().getOrDefault(k, 0L) > was.extended().getOrDefault(k, 0L));
    }
}
