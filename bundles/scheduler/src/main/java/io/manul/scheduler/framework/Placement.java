package io.manul.scheduler.framework;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Filters, then scores; the best node wins, ties by chance. Of many nodes only so many are looked at that enough fit (Kubernetes,
 * "Scheduler Performance Tuning"), from where the last pod's search ended. Used by one thread, with the world's lock held.
 */
public final class Placement {

    private static final int LEAST = 100;
    private final World world;
    private final RandomGenerator random;
    private int next;

    public Placement(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /**
     * What came of a search.
     *
     * @param node       the chosen one; null when none fits
     * @param everywhere why the pod can run nowhere; null when nodes were looked at
     * @param refused    by node
     * @param others     why all nodes that are not in {@code refused} were not looked at; empty when all were
     * @param blamed     plug-ins that refused
     */
    public record Found(NodeInfo node, Rules rules, Refusal everywhere, Map<NodeInfo, Refusal> refused, String others, Set<String> blamed, int all) {

        /** In upstream's words. */
        public String message() {
            if (all == 0) {
                return "no nodes available to schedule pods";
            }
            if (everywhere != null) {
                return "0/" + all + " nodes are available: " + String.join(", ", everywhere.reasons()) + ".";
            }
            Map<String, Integer> reasons = new HashMap<>();
            refused.values().forEach(r -> r.reasons().forEach(t -> reasons.merge(t, 1, Integer::sum)));
            if (!others.isEmpty() && refused.size() < all) {
                reasons.merge(others, all - refused.size(), Integer::sum);
            }
            return histogram(all, reasons);
        }
    }

    /** {@code 0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.} */
    public static String histogram(int all, Map<String, Integer> reasons) {
        String text = reasons.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).sorted().collect(Collectors.joining(", "));
        return "0/" + all + " nodes are available:" + (text.isEmpty() ? "" : " " + text + ".");
    }

    public Found choose(Profile profile, PodInfo pod) {
        Rules rules = new Rules(world, profile, pod);
        int all = world.nodes().size();
        Refusal everywhere = rules.everywhere();
        if (all == 0 || everywhere != null) {
            return new Found(null, rules, everywhere, Map.of(), "", everywhere == null ? Set.of() : Set.of(everywhere.plugin()), all);
        }
        Map<NodeInfo, Refusal> refused = new LinkedHashMap<>();
        NodeInfo nominated = nominated(rules, pod);
        if (nominated != null) {
            return new Found(nominated, rules, null, refused, "", Set.of(), all);
        }
        Optional<Rules.Only> only = rules.only();
        List<NodeInfo> feasible = only.isPresent() ? named(rules, only.get(), refused) : search(rules, profile, refused);
        if (!feasible.isEmpty()) {
            return new Found(best(rules, feasible), rules, null, refused, "", Set.of(), all);
        }
        Set<String> blamed = new TreeSet<>();
        refused.values().forEach(r -> blamed.add(r.plugin()));
        only.ifPresent(o -> blamed.addAll(o.by()));
        return new Found(null, rules, null, refused, only.map(o -> "node(s) didn't satisfy plugin(s) [" + String.join(" ", o.by()) + "]").orElse(""),
                blamed, all);
    }

    /** Room was made there: it is looked at first, and alone if it fits. */
    private NodeInfo nominated(Rules rules, PodInfo pod) {
        String name = world.nomination(pod.key());
        NodeInfo node = name.isEmpty() ? null : world.node(name);
        return node != null && rules.only().map(o -> o.nodes().contains(name)).orElse(true) && rules.filterWithNominated(node) == null ? node : null;
    }

    private List<NodeInfo> named(Rules rules, Rules.Only only, Map<NodeInfo, Refusal> refused) {
        List<NodeInfo> feasible = new ArrayList<>();
        for (String name : only.nodes()) {
            NodeInfo node = world.node(name);
            if (node != null) {
                look(rules, node, feasible, refused);
            }
        }
        return feasible;
    }

    private List<NodeInfo> search(Rules rules, Profile profile, Map<NodeInfo, Refusal> refused) {
        List<NodeInfo> nodes = world.nodes();
        int enough = enough(nodes.size(), profile.percentage());
        List<NodeInfo> feasible = new ArrayList<>(enough);
        int looked = 0;
        for (; looked < nodes.size() && feasible.size() < enough; looked++) {
            look(rules, nodes.get((next + looked) % nodes.size()), feasible, refused);
        }
        next = (next + looked) % nodes.size();
        return feasible;
    }

    private static void look(Rules rules, NodeInfo node, List<NodeInfo> feasible, Map<NodeInfo, Refusal> refused) {
        Refusal r = rules.filterWithNominated(node);
        if (r == null) {
            feasible.add(node);
        } else {
            refused.put(node, r);
        }
    }

    /** 50 % of 100 nodes down to 5 % of 5,625 and more, and never fewer than 100. @param percentage 0: that */
    static int enough(int nodes, int percentage) {
        if (nodes < LEAST || percentage >= 100) {
            return nodes;
        }
        int percent = percentage > 0 ? percentage : Math.max(5, 50 - nodes / 125);
        return Math.max(LEAST, nodes * percent / 100);
    }

    private NodeInfo best(Rules rules, List<NodeInfo> feasible) {
        if (feasible.size() == 1) {
            return feasible.getFirst();
        }
        long[] scores = rules.score(feasible);
        int best = 0;
        int ties = 1;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
                ties = 1;
            } else if (scores[i] == scores[best] && random.nextInt(++ties) == 0) {
                best = i;
            }
        }
        return feasible.get(best);
    }
}
