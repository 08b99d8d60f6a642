package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.framework.Affinity;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Near the pods that are wished for, and not near the others, both ways (core/v1 PodAffinity, PodAntiAffinity). */
final class InterPodAffinity implements Plugin {

    private final World world;
    private final Function<String, Map<String, String>> namespaceLabels;
    private final int hardWeight;
    private final boolean ignoresOthers;

    InterPodAffinity(World world, Function<String, Map<String, String>> namespaceLabels, Obj args) {
        this.world = world;
        this.namespaceLabels = namespaceLabels;
        this.hardWeight = (int) args.number("hardPodAffinityWeight").orElse(1);
        this.ignoresOthers = args.flag("ignorePreferredTermsOfExistingPods");
    }

    @Override
    public String name() {
        return "InterPodAffinity";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        return pod.affinity().isNone() && !world.anyAffinity() ? Optional.empty() : Optional.of(new Near(pod));
    }

    private record Pair(String key, String value) {
    }

    /** Matches of terms by topology. */
    private static final class Counts {

        private final Map<Pair, Long> counts = new HashMap<>();

        void add(NodeFacts node, String key, long by) {
            String value = node.labels().get(key);
            if (value != null && by != 0) {
                counts.merge(new Pair(key, value), by, (a, b) -> a + b == 0 ? null : a + b);
            }
        }

        long at(NodeFacts node, String key) {
            String value = node.labels().get(key);
            return value == null ? 0 : counts.getOrDefault(new Pair(key, value), 0L);
        }
    }

    private final class Near implements Rule {

        private final Refusal notNear = Refusal.unfit(name(), "node(s) didn't match pod affinity rules");
        private final Refusal near = Refusal.crowded(name(), "node(s) didn't match pod anti-affinity rules");
        private final Refusal unwanted = Refusal.crowded(name(), "node(s) didn't satisfy existing pods anti-affinity rules");
        private final PodInfo pod;
        private final Affinity wish;
        private final Map<String, String> ownNamespace;
        /** Required terms of this pod that all match a pod there, its anti-affinity, and that of the pods which are there. */
        private final Counts affinity = new Counts();
        private final Counts anti = new Counts();
        private final Counts existingAnti = new Counts();
        private final Counts scores = new Counts();
        private Set<String> scoreKeys = Set.of();

        Near(PodInfo pod) {
            this.pod = pod;
            this.wish = pod.affinity();
            this.ownNamespace = namespaceLabels.apply(pod.key().namespace());
            boolean all = !wish.required().isEmpty() || !wish.requiredAnti().isEmpty();
            if (all || world.anyRequiredAntiAffinity()) {
                for (NodeInfo node : world.nodes()) {
                    for (PodInfo other : all ? node.pods() : node.withRequiredAntiAffinity()) {
                        count(other, node, 1);
                    }
                }
            }
        }

        private void count(PodInfo other, NodeInfo node, int by) {
            for (Affinity.Term t : other.affinity().requiredAnti()) {
                if (t.matches(pod, ownNamespace)) {
                    existingAnti.add(node.facts(), t.topologyKey(), by);
                }
            }
            if (!wish.required().isEmpty() && matchesAll(other)) {
                wish.required().forEach(t -> affinity.add(node.facts(), t.topologyKey(), by));
            }
            for (Affinity.Term t : wish.requiredAnti()) {
                if (matches(t, other)) {
                    anti.add(node.facts(), t.topologyKey(), by);
                }
            }
        }

        private boolean matches(Affinity.Term t, PodInfo other) {
            return t.matches(other, namespaceLabels.apply(other.key().namespace()));
        }

        private boolean matchesAll(PodInfo other) {
            for (Affinity.Term t : wish.required()) {
                if (!matches(t, other)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public Refusal filter(NodeInfo node) {
            if (!affine(node.facts())) {
                return notNear;
            }
            for (Affinity.Term t : wish.requiredAnti()) {
                if (anti.at(node.facts(), t.topologyKey()) > 0) {
                    return near;
                }
            }
            if (!existingAnti.counts.isEmpty()) {
                for (Map.Entry<String, String> label : node.labels().entrySet()) {
                    if (existingAnti.counts.getOrDefault(new Pair(label.getKey(), label.getValue()), 0L) > 0) {
                        return unwanted;
                    }
                }
            }
            return null;
        }

        private boolean affine(NodeFacts node) {
            boolean there = true;
            for (Affinity.Term t : wish.required()) {
                if (!node.labels().containsKey(t.topologyKey())) {
                    return false;
                }
                there &= affinity.at(node, t.topologyKey()) > 0;
            }
            // the first of pods that want each other would else never start
            return there || affinity.counts.isEmpty() && matchesAll(pod);
        }

        @Override
        public void added(PodInfo other, NodeInfo node) {
            count(other, node, 1);
        }

        @Override
        public void removed(PodInfo other, NodeInfo node) {
            count(other, node, -1);
        }

        @Override
        public boolean scores(List<NodeInfo> feasible) {
            boolean own = !wish.preferred().isEmpty() || !wish.preferredAnti().isEmpty();
            if (!own && (ignoresOthers || !world.anyAffinity())) {
                return false;
            }
            for (NodeInfo node : world.nodes()) {
                for (PodInfo other : own ? node.pods() : node.withAffinity()) {
                    weigh(other, node.facts());
                }
            }
            scoreKeys = Set.copyOf(scores.counts.keySet().stream().map(Pair::key).toList().stream().distinct().toList());
            return !scoreKeys.isEmpty();
        }

        private void weigh(PodInfo other, NodeFacts node) {
            weigh(wish.preferred(), other, node, 1);
            weigh(wish.preferredAnti(), other, node, -1);
            Affinity theirs = other.affinity();
            if (theirs.isNone()) {
                return;
            }
            theirs.required().forEach(t -> scores.add(node, t.topologyKey(), t.matches(pod, ownNamespace) ? hardWeight : 0));
            theirs.preferred().forEach(t -> scores.add(node, t.topologyKey(), t.matches(pod, ownNamespace) ? t.weight() : 0));
            theirs.preferredAnti().forEach(t -> scores.add(node, t.topologyKey(), t.matches(pod, ownNamespace) ? -t.weight() : 0));
        }

        private void weigh(List<Affinity.Term> terms, PodInfo other, NodeFacts node, int sign) {
            for (Affinity.Term t : terms) {
                if (matches(t, other)) {
                    scores.add(node, t.topologyKey(), (long) sign * t.weight());
                }
            }
        }

        @Override
        public long score(NodeInfo node) {
            long sum = 0;
            for (String key : scoreKeys) {
                sum += scores.at(node.facts(), key);
            }
            return sum;
        }

        @Override
        public void normalize(long[] all, List<NodeInfo> feasible) {
            long least = Long.MAX_VALUE;
            long most = Long.MIN_VALUE;
            for (long s : all) {
                least = Math.min(least, s);
                most = Math.max(most, s);
            }
            for (int i = 0; i < all.length; i++) {
                all[i] = most == least ? 0 : (long) (100.0 * (all[i] - least) / (most - least));
            }
        }
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Change.NODES_AND_PODS;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return switch (change) {
            case Change.Pod p -> p.after() != null && (p.before() == null || relabelled(p)) && wanted(pod, p.after())
                    || p.before() != null && (p.after() == null || relabelled(p)) && inTheWay(pod, p.before());
            case Change.Node n -> n.after() != null && (n.before() == null || !n.before().labels().equals(n.after().labels()));
            default -> false;
        };
    }

    private static boolean relabelled(Change.Pod p) {
        return !p.before().id().labels().equals(p.after().id().labels());
    }

    private boolean wanted(PodInfo pod, PodInfo other) {
        return pod.affinity().required().stream().anyMatch(t -> t.matches(other, namespaceLabels.apply(other.key().namespace())));
    }

    private boolean inTheWay(PodInfo pod, PodInfo other) {
        Map<String, String> theirs = namespaceLabels.apply(other.key().namespace());
        return Stream.concat(pod.affinity().requiredAnti().stream(), pod.affinity().required().stream()).anyMatch(t -> t.matches(other, theirs))
                || other.affinity().requiredAnti().stream().anyMatch(t -> t.matches(pod, namespaceLabels.apply(pod.key().namespace())));
    }
}
