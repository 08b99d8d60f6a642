package io.manul.scheduler.plugin;

import io.manul.scheduler.api.HostPort;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Host ports must be free. */
final class NodePorts implements Plugin {

    @Override
    public String name() {
        return "NodePorts";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        List<HostPort> wanted = pod.demand().ports();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Refusal taken = Refusal.crowded(name(), "node(s) didn't have free ports for the requested pod ports");
        return Optional.of(new Rule() {
            @Override
            public Refusal filter(NodeInfo node) {
                return clash(wanted, node.ports()) ? taken : null;
            }
        });
    }

    private static boolean clash(List<HostPort> a, List<HostPort> b) {
        return a.stream().anyMatch(p -> b.stream().anyMatch(p::clashes));
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Change.NODES_AND_PODS;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return switch (change) {
            case Change.Pod p -> p.after() == null && clash(pod.demand().ports(), p.before().demand().ports());
            case Change.Node n -> n.before() == null;
            default -> false;
        };
    }
}
