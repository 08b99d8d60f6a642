package io.manul.scheduler.plugin;

import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Wish;
import io.manul.scheduler.framework.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The score of PodTopologySpread: fewer pods that count in a node's domains are better; small topologies weigh as large ones. */
final class SpreadScore {

    private final World world;
    private final PodInfo pod;
    private final List<Wish.Spread> soft;
    /** A node without the label of one topology is still spread by the others. */
    private final boolean lenient;
    private final Set<String> ignored = new HashSet<>();
    private final List<Map<String, long[]>> counts = new ArrayList<>();
    private final List<Double> weights = new ArrayList<>();

    SpreadScore(World world, PodInfo pod, List<Wish.Spread> soft, boolean lenient) {
        this.world = world;
        this.pod = pod;
        this.soft = soft;
        this.lenient = lenient;
    }

    private boolean whole(NodeInfo node) {
        return lenient || soft.stream().allMatch(c -> node.labels().containsKey(c.key()));
    }

    boolean prepare(List<NodeInfo> feasible) {
        if (soft.isEmpty()) {
            return false;
        }
        soft.forEach(c -> counts.add(new HashMap<>()));
        for (NodeInfo node : feasible) {
            if (!whole(node)) {
                ignored.add(node.name());
                continue;
            }
            for (int i = 0; i < soft.size(); i++) {
                if (!host(soft.get(i))) {
                    counts.get(i).computeIfAbsent(node.labels().getOrDefault(soft.get(i).key(), ""), d -> new long[1]);
                }
            }
        }
        for (int i = 0; i < soft.size(); i++) {
            int size = host(soft.get(i)) ? feasible.size() - ignored.size() : counts.get(i).size();
            weights.add(Math.log(size + 2));
        }
        if (soft.stream().anyMatch(c -> !host(c))) {
            count();
        }
        return true;
    }

    private void count() {
        for (NodeInfo node : world.nodes()) {
            if (!whole(node)) {
                continue;
            }
            for (int i = 0; i < soft.size(); i++) {
                Wish.Spread c = soft.get(i);
                long[] sum = host(c) ? null : counts.get(i).get(node.labels().getOrDefault(c.key(), ""));
                if (sum != null && !node.pods().isEmpty() && PodTopologySpread.counted(pod, c, node.facts())) {
                    sum[0] += PodTopologySpread.matching(node.pods(), c.pods(), pod);
                }
            }
        }
    }

    private static boolean host(Wish.Spread c) {
        return c.key().equals(NodeFacts.HOSTNAME);
    }

    long score(NodeInfo node) {
        if (ignored.contains(node.name())) {
            return 0;
        }
        double score = 0;
        for (int i = 0; i < soft.size(); i++) {
            Wish.Spread c = soft.get(i);
            String domain = node.labels().get(c.key());
            if (domain != null) {
                long count = host(c) ? PodTopologySpread.matching(node.pods(), c.pods(), pod) : counts.get(i).get(domain)[0];
                score += count * weights.get(i) + (c.maxSkew() - 1);
            }
        }
        return Math.round(score);
    }

    void normalize(long[] scores, List<NodeInfo> feasible) {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < scores.length; i++) {
            if (!ignored.contains(feasible.get(i).name())) {
                least = Math.min(least, scores[i]);
                most = Math.max(most, scores[i]);
            }
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] = ignored.contains(feasible.get(i).name()) ? 0 : most == 0 ? 100 : 100 * (most + least - scores[i]) / most;
        }
    }
}
