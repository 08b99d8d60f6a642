package io.manul.scheduler.plugin;

import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.Toleration;
import java.util.List;
import java.util.Optional;

/** NoSchedule and NoExecute taints must be tolerated; fewer untolerated PreferNoSchedule taints score higher. */
final class TaintToleration implements Plugin {

    @Override
    public String name() {
        return "TaintToleration";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        List<Toleration> tolerations = pod.wish().tolerations();
        List<Toleration> soft = tolerations.stream().filter(t -> t.effect().isEmpty() || t.effect().equals("PreferNoSchedule")).toList();
        Refusal tainted = Refusal.unfit(name(), "node(s) had untolerated taint(s)");
        return Optional.of(new Rule() {
            @Override
            public Refusal filter(NodeInfo node) {
                return node.facts().taints().isEmpty() || node.facts().forbidding(tolerations) == null ? null : tainted;
            }

            @Override
            public boolean scores(List<NodeInfo> feasible) {
                return feasible.stream().anyMatch(n -> !n.facts().taints().isEmpty());
            }

            @Override
            public long score(NodeInfo node) {
                long count = 0;
                for (NodeFacts.Taint t : node.facts().taints()) {
                    count += t.hard() || Toleration.any(soft, t) ? 0 : 1;
                }
                return count;
            }

            @Override
            public void normalize(long[] scores, List<NodeInfo> feasible) {
                Rule.toHundred(scores, true);
            }
        });
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        List<Toleration> tolerations = pod.wish().tolerations();
        return change instanceof Change.Node n && n.after() != null && n.after().forbidding(tolerations) == null
                && (n.before() == null || n.before().forbidding(tolerations) != null);
    }
}
