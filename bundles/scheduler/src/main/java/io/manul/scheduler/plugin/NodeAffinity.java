package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.NodeQuery;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code spec.nodeSelector} and node affinity, required and preferred, with what the profile adds (addedAffinity). */
final class NodeAffinity implements Plugin {

    private final NodeQuery added;
    private final List<Wish.Preference> addedPreferred;

    NodeAffinity(Obj args) {
        this.added = args.object("addedAffinity", "requiredDuringSchedulingIgnoredDuringExecution").map(NodeQuery::selector).orElse(NodeQuery.ANY);
        this.addedPreferred = args.objects("addedAffinity", "preferredDuringSchedulingIgnoredDuringExecution").stream().map(Wish.Preference::of).toList();
    }

    @Override
    public String name() {
        return "NodeAffinity";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        List<Wish.Preference> preferred = new ArrayList<>(addedPreferred);
        preferred.addAll(pod.wish().preferred());
        NodeQuery query = pod.wish().nodes();
        return query == NodeQuery.ANY && added == NodeQuery.ANY && preferred.isEmpty() ? Optional.empty() : Optional.of(new Nodes(query, preferred));
    }

    private final class Nodes implements Rule {

        private final Refusal other = Refusal.unfit(name(), "node(s) didn't match Pod's node affinity/selector");
        private final Refusal enforced = Refusal.unfit(name(), "node(s) didn't match scheduler-enforced node affinity");
        private final NodeQuery query;
        private final List<Wish.Preference> preferred;
        private final Optional<Set<String>> names;

        Nodes(NodeQuery query, List<Wish.Preference> preferred) {
            this.query = query;
            this.preferred = preferred;
            this.names = query.names();
        }

        @Override
        public Refusal everywhere() {
            return names.isPresent() && names.get().isEmpty() ? Refusal.unfit(name(), "pod affinity terms conflict") : null;
        }

        @Override
        public Optional<Set<String>> only() {
            return names;
        }

        @Override
        public Refusal filter(NodeInfo node) {
            return !added.matches(node.facts()) ? enforced : query.matches(node.facts()) ? null : other;
        }

        @Override
        public boolean scores(List<NodeInfo> feasible) {
            return !preferred.isEmpty();
        }

        @Override
        public long score(NodeInfo node) {
            long sum = 0;
            for (Wish.Preference p : preferred) {
                sum += p.query().matches(node.facts()) ? p.weight() : 0;
            }
            return sum;
        }

        @Override
        public void normalize(long[] scores, List<NodeInfo> feasible) {
            Rule.toHundred(scores, false);
        }
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return change instanceof Change.Node n && n.after() != null && matches(pod, n.after()) && (n.before() == null || !matches(pod, n.before()));
    }

    private boolean matches(PodInfo pod, NodeFacts node) {
        return added.matches(node) && pod.wish().nodes().matches(node);
    }
}
