package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A plug-in of somebody else's bundle, in place of one of ours. */
public final class Vendor implements Plugin {

    private static final int MOST_SEEN = 10_000;
    private final SchedulerPlugin theirs;
    private final Function<String, Obj> nodes;
    /** Objects by name, while the node's facts are the same. */
    private final Map<String, Seen> objects = new HashMap<>();

    private record Seen(NodeFacts facts, Obj object) {
    }

    /** @param nodes reads a node's object by name */
    public Vendor(SchedulerPlugin theirs, Function<String, Obj> nodes) {
        this.theirs = theirs;
        this.nodes = nodes;
    }

    @Override
    public String name() {
        return theirs.name();
    }

    public SchedulerPlugin theirs() {
        return theirs;
    }

    private NodeState state(NodeInfo node) {
        Seen seen = objects.get(node.name());
        if (seen == null || seen.facts != node.facts()) {
            if (objects.size() >= MOST_SEEN) {
                objects.clear();
            }
            seen = new Seen(node.facts(), nodes.apply(node.name()));
            objects.put(node.name(), seen);
        }
        return new NodeState(seen.object, node.labels(), node.facts().allocatable(), node.requested(), node.ports());
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        PodWish wish = new PodWish(pod.wish().pod(), pod.demand().requests(), pod.demand().ports());
        return Optional.of(new Rule() {
            @Override
            public Refusal filter(NodeInfo node) {
                Optional<String> why = theirs.filter(wish, state(node));
                return why.map(w -> new Refusal(name(), List.of(w.split("\n")), theirs.resolvable())).orElse(null);
            }

            @Override
            public boolean scores(List<NodeInfo> feasible) {
                return theirs.weight() > 0;
            }

            @Override
            public long score(NodeInfo node) {
                return Math.clamp(theirs.score(wish, state(node)), 0, 100);
            }
        });
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Change.EVERY;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return !(change instanceof Change.Pod p) || p.after() == null;
    }
}
