package io.manul.scheduler.plugin;

import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import java.util.Optional;

/** {@code spec.nodeName} is the only node. (A pod that has it is not scheduled; the rule is for tries with a pod of others.) */
final class NodeName implements Plugin {

    @Override
    public String name() {
        return "NodeName";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        String wanted = pod.standing().node();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Refusal other = Refusal.unfit(name(), "node(s) didn't match the requested node name");
        return Optional.of(new Rule() {
            @Override
            public Refusal filter(NodeInfo node) {
                return node.name().equals(wanted) ? null : other;
            }
        });
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return change instanceof Change.Node n && n.after() != null && n.after().name().equals(pod.standing().node());
    }
}
