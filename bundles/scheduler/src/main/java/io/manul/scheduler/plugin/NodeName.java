package io.manul.scheduler.plugin;

import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.Optional;

/** {@code spec.nodeName}, where it is asked for already. */
final class NodeName implements SchedulerPlugin {
    @Override
    public String name() {
        return "NodeName";
    }

    @Override
    public Optional<String> filter(PodWish pod, NodeState node) {
        String wanted = pod.pod().text("spec", "nodeName");
        return wanted.isEmpty() || wanted.equals(node.name()) ? Optional.empty()
                : Optional.of("node(s) didn't match the requested node name");
    }
}
