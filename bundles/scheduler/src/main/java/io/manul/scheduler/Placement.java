package io.manul.scheduler;

import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Filters, then scores; the best node wins, ties by chance. Pure but for the chance. */
final class Placement {

    /**
     * @param node the chosen one; empty when none fits @param message why none fits, in upstream's words
     * @param crowded a node would fit but for what other pods take (or a plug-in of others refused, which may have any reason)
     */
    record Choice(Optional<String> node, String message, boolean crowded) {
    }

    /** Plug-ins that refuse for what the node is, whoever runs there. */
    private static final Set<String> OF_THE_NODE = Set.of("NodeUnschedulable", "NodeName", "TaintToleration", "NodeAffinity");

    private final List<SchedulerPlugin> plugins;
    private final RandomGenerator random;

    Placement(List<SchedulerPlugin> plugins, RandomGenerator random) {
        this.plugins = plugins;
        this.random = random;
    }

    Choice choose(PodWish pod, List<NodeState> nodes) {
        if (nodes.isEmpty()) {
            return new Choice(Optional.empty(), "no nodes available to schedule pods", false);
        }
        List<NodeState> fit = new ArrayList<>();
        Map<String, Integer> reasons = new TreeMap<>();
        boolean crowded = false;
        for (NodeState node : nodes) {
            Optional<Refusal> refusal = refusal(pod, node);
            if (refusal.isEmpty()) {
                fit.add(node);
            } else {
                crowded |= !OF_THE_NODE.contains(refusal.get().plugin);
                // a node may name several shortages, which upstream counts one by one
                for (String r : refusal.get().reason.split("\n")) {
                    reasons.merge(r, 1, Integer::sum);
                }
            }
        }
        return fit.isEmpty() ? new Choice(Optional.empty(), message(nodes.size(), reasons), crowded)
                : new Choice(Optional.of(best(pod, fit)), "", false);
    }

    private record Refusal(String plugin, String reason) {
    }

    private Optional<Refusal> refusal(PodWish pod, NodeState node) {
        return plugins.stream().map(p -> p.filter(pod, node).map(r -> new Refusal(p.name(), r))).flatMap(Optional::stream).findFirst();
    }

    private static String message(int nodes, Map<String, Integer> reasons) {
        return "0/" + nodes + " nodes are available: " + reasons.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey()).sorted().collect(Collectors.joining(", ")) + ".";
    }

    private String best(PodWish pod, List<NodeState> fit) {
        long most = Long.MIN_VALUE;
        List<String> best = new ArrayList<>();
        for (NodeState node : fit) {
            long score = 0;
            for (SchedulerPlugin p : plugins) {
                score += p.weight() == 0 ? 0 : (long) p.weight() * p.score(pod, node);
            }
            if (score > most) {
                most = score;
                best.clear();
            }
            if (score == most) {
                best.add(node.name());
            }
        }
        return best.get(random.nextInt(best.size()));
    }
}
