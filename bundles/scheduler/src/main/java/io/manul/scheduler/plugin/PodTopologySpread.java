package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.LabelQuery;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.Wish;
import io.manul.scheduler.framework.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Spreads pods over zones, hosts or any other topology (Kubernetes, "Pod Topology Spread Constraints"). A pod without
 * constraints has the profile's, by default those of the system: by host (skew 3) and by zone (skew 5), if possible.
 */
final class PodTopologySpread implements Plugin {

    private static final List<Wish.Spread> SYSTEM = List.of(
            new Wish.Spread(3, NodeFacts.HOSTNAME, false, LabelQuery.NOTHING, 1, true, false),
            new Wish.Spread(5, NodeFacts.ZONE, false, LabelQuery.NOTHING, 1, true, false));

    private final World world;
    /** The pods that belong together with a pod, as its Services and its owner select them. */
    private final Function<PodInfo, LabelQuery> kin;
    private final boolean system;
    private final List<Wish.Spread> defaults;

    PodTopologySpread(World world, Function<PodInfo, LabelQuery> kin, Obj args) {
        this.world = world;
        this.kin = kin;
        this.system = !args.text("defaultingType").equals("List");
        this.defaults = system ? SYSTEM : args.objects("defaultConstraints").stream().map(c -> Wish.Spread.of(c, Map.of())).toList();
    }

    @Override
    public String name() {
        return "PodTopologySpread";
    }

    private List<Wish.Spread> constraints(PodInfo pod) {
        if (!pod.wish().spread().isEmpty() || defaults.isEmpty()) {
            return pod.wish().spread();
        }
        LabelQuery together = kin.apply(pod);
        return together.isEverything() ? List.of() : defaults.stream().map(c -> c.of(together)).toList();
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        List<Wish.Spread> all = constraints(pod);
        List<Wish.Spread> hard = all.stream().filter(Wish.Spread::hard).toList();
        List<Wish.Spread> soft = all.stream().filter(c -> !c.hard()).toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(new Spreading(pod, hard, soft, system && pod.wish().spread().isEmpty()));
    }

    /** What is asked of nodes before pods on them count. */
    private static boolean counts(PodInfo pod, Wish.Spread c, NodeFacts node) {
        return (!c.affinity() || pod.wish().nodes().matches(node)) && (!c.taints() || node.forbidding(pod.wish().tolerations()) == null);
    }

    private static boolean has(NodeFacts node, List<Wish.Spread> constraints) {
        for (Wish.Spread c : constraints) {
            if (!node.labels().containsKey(c.key())) {
                return false;
            }
        }
        return true;
    }

    private final class Spreading implements Rule {

        private final Refusal unlabelled = Refusal.unfit(name(), "node(s) didn't match pod topology spread constraints (missing required label)");
        private final Refusal skewed = Refusal.crowded(name(), "node(s) didn't match pod topology spread constraints");
        private final PodInfo pod;
        private final List<Wish.Spread> hard;
        private final List<Domains> domains = new ArrayList<>();
        private final SpreadScore scoring;

        Spreading(PodInfo pod, List<Wish.Spread> hard, List<Wish.Spread> soft, boolean lenient) {
            this.pod = pod;
            this.hard = hard;
            this.scoring = new SpreadScore(world, pod, soft, lenient);
            hard.forEach(c -> domains.add(new Domains(c.minDomains())));
            if (!hard.isEmpty()) {
                world.nodes().forEach(this::take);
            }
        }

        private void take(NodeInfo node) {
            if (has(node.facts(), hard)) {
                for (int i = 0; i < hard.size(); i++) {
                    Wish.Spread c = hard.get(i);
                    if (counts(pod, c, node.facts())) {
                        domains.get(i).add(node.labels().get(c.key()), matching(node.pods(), c.pods(), pod));
                    }
                }
            }
        }

        @Override
        public Refusal filter(NodeInfo node) {
            for (int i = 0; i < hard.size(); i++) {
                Wish.Spread c = hard.get(i);
                String domain = node.labels().get(c.key());
                if (domain == null) {
                    return unlabelled;
                }
                int self = c.pods().matches(pod.id().labels()) ? 1 : 0;
                if (domains.get(i).of(domain) + self - domains.get(i).least() > c.maxSkew()) {
                    return skewed;
                }
            }
            return null;
        }

        @Override
        public void added(PodInfo other, NodeInfo node) {
            change(other, node, 1);
        }

        @Override
        public void removed(PodInfo other, NodeInfo node) {
            change(other, node, -1);
        }

        private void change(PodInfo other, NodeInfo node, int by) {
            if (other.standing().deleting() || !other.key().namespace().equals(pod.key().namespace()) || !has(node.facts(), hard)) {
                return;
            }
            for (int i = 0; i < hard.size(); i++) {
                Wish.Spread c = hard.get(i);
                if (c.pods().matches(other.id().labels()) && counts(pod, c, node.facts())) {
                    domains.get(i).add(node.labels().get(c.key()), by);
                }
            }
        }

        @Override
        public boolean scores(List<NodeInfo> feasible) {
            return scoring.prepare(feasible);
        }

        @Override
        public long score(NodeInfo node) {
            return scoring.score(node);
        }

        @Override
        public void normalize(long[] scores, List<NodeInfo> feasible) {
            scoring.normalize(scores, feasible);
        }
    }

    static boolean counted(PodInfo pod, Wish.Spread c, NodeFacts node) {
        return counts(pod, c, node);
    }

    /** Pods of the same namespace that a constraint counts; those that go do not. */
    static int matching(List<PodInfo> pods, LabelQuery query, PodInfo pod) {
        int count = 0;
        String namespace = pod.key().namespace();
        for (int i = 0; i < pods.size(); i++) {
            PodInfo p = pods.get(i);
            if (!p.standing().deleting() && p.key().namespace().equals(namespace) && query.matches(p.id().labels())) {
                count++;
            }
        }
        return query.isEverything() ? 0 : count;
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Change.NODES_AND_PODS;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        List<Wish.Spread> all = constraints(pod);
        return switch (change) {
            case Change.Pod p -> {
                PodInfo one = p.after() == null ? p.before() : p.after();
                boolean before = p.before() != null && !p.before().standing().deleting() && matches(all, p.before());
                boolean after = p.after() != null && !p.after().standing().deleting() && matches(all, p.after());
                yield one.key().namespace().equals(pod.key().namespace()) && before != after;
            }
            case Change.Node n -> node(all, n);
            default -> false;
        };
    }

    private static boolean matches(List<Wish.Spread> all, PodInfo other) {
        return all.stream().anyMatch(c -> c.pods().matches(other.id().labels()));
    }

    private static boolean node(List<Wish.Spread> all, Change.Node n) {
        boolean before = n.before() != null && has(n.before(), all);
        boolean after = n.after() != null && has(n.after(), all);
        return before != after || after && (!n.before().taints().equals(n.after().taints())
                || all.stream().anyMatch(c -> !n.before().labels().get(c.key()).equals(n.after().labels().get(c.key()))));
    }
}
