package io.manul.scheduler.plugin;

import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.Optional;

/** Host ports must be free. */
final class NodePorts implements SchedulerPlugin {
    @Override
    public String name() {
        return "NodePorts";
    }

    @Override
    public Optional<String> filter(PodWish pod, NodeState node) {
        boolean clash = pod.ports().stream().anyMatch(p -> node.ports().stream().anyMatch(p::clashes));
        return clash ? Optional.of("node(s) didn't have free ports for the requested pod ports") : Optional.empty();
    }
}
