package io.manul.scheduler;

import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Filters, then scores; the best node wins, ties by chance. Pure but for the chance. */
final class Placement {

    /** @param node the chosen one; empty when none fits @param message why none fits, in upstream's words */
    record Choice(Optional<String> node, String message) {
    }

    private final List<SchedulerPlugin> plugins;
    private final RandomGenerator random;

    Placement(List<SchedulerPlugin> plugins, RandomGenerator random) {
        this.plugins = plugins;
        this.random = random;
    }

    Choice choose(PodWish pod, List<NodeState> nodes) {
        if (nodes.isEmpty()) {
            return new Choice(Optional.empty(), "no nodes available to schedule pods");
        }
        List<NodeState> fit = new ArrayList<>();
        Map<String, Integer> reasons = new TreeMap<>();
        for (NodeState node : nodes) {
            Optional<String> reason = plugins.stream().map(p -> p.filter(pod, node)).flatMap(Optional::stream).findFirst();
            if (reason.isEmpty()) {
                fit.add(node);
            } else {
                // a node may name several shortages, which upstream counts one by one
                for (String r : reason.get().split("\n")) {
                    reasons.merge(r, 1, Integer::sum);
                }
            }
        }
        return fit.isEmpty() ? new Choice(Optional.empty(), message(nodes.size(), reasons)) : new Choice(Optional.of(best(pod, fit)), "");
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
