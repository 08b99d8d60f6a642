package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.model.Taints;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.Optional;

/** A cordoned node ({@code spec.unschedulable}) takes only pods that tolerate it. */
final class NodeUnschedulable implements SchedulerPlugin {

    private static final Obj TAINT = Obj.of("key", "node.kubernetes.io/unschedulable", "effect", "NoSchedule");

    @Override
    public String name() {
        return "NodeUnschedulable";
    }

    @Override
    public Optional<String> filter(PodWish pod, NodeState node) {
        boolean closed = node.node().flag("spec", "unschedulable")
                && pod.pod().objects("spec", "tolerations").stream().noneMatch(t -> Taints.tolerates(t, TAINT));
        return closed ? Optional.of("node(s) were unschedulable") : Optional.empty();
    }
}
