package io.manul.scheduler.plugin;

import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.Toleration;
import java.util.Optional;

/** A cordoned node ({@code spec.unschedulable}) takes only pods that tolerate it. */
final class NodeUnschedulable implements Plugin {

    private static final NodeFacts.Taint TAINT = new NodeFacts.Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    @Override
    public String name() {
        return "NodeUnschedulable";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        if (Toleration.any(pod.wish().tolerations(), TAINT)) {
            return Optional.empty();
        }
        Refusal closed = Refusal.unfit(name(), "node(s) were unschedulable");
        return Optional.of(new Rule() {
            @Override
            public Refusal filter(NodeInfo node) {
                return node.facts().unschedulable() ? closed : null;
            }
        });
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return change instanceof Change.Node n && n.after() != null && !n.after().unschedulable()
                && (n.before() == null || n.before().unschedulable());
    }
}
