package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Rule;
import java.util.List;
import java.util.Optional;

/** A node whose resources the pod would bring nearer to being used to the same degree scores higher. */
final class NodeResourcesBalancedAllocation implements Plugin {

    private final ResourceScore resources;

    NodeResourcesBalancedAllocation(Obj args) {
        this.resources = ResourceScore.of(args.objects("resources"));
    }

    @Override
    public String name() {
        return "NodeResourcesBalancedAllocation";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        // a pod that asks for nothing would always go where all is used alike
        boolean asks = resources.resources().stream().anyMatch(r -> ResourceScore.asked(r.name(), pod) > 0);
        return !asks ? Optional.empty() : Optional.of(new Rule() {
            @Override
            public boolean scores(List<NodeInfo> feasible) {
                return true;
            }

            @Override
            public long score(NodeInfo node) {
                return 50 + (50 + balance(pod, node, true) - balance(pod, node, false)) / 2;
            }
        });
    }

    /** 100 less the standard deviation of what is used. */
    private long balance(PodInfo pod, NodeInfo node, boolean with) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (ResourceScore.Weighted r : resources.resources()) {
            long asked = ResourceScore.asked(r.name(), pod);
            long all = ResourceScore.allocatable(r.name(), node);
            if (all > 0 && !(asked == 0 && ResourceScore.extended(r.name()))) {
                double used = Math.min(1, (double) (ResourceScore.taken(r.name(), node) + (with ? asked : 0)) / all);
                sum += used;
                squares += used * used;
                count++;
            }
        }
        double mean = count == 0 ? 0 : sum / count;
        double deviation = count < 2 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean));
        return (long) ((1 - deviation) * 100);
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return false; // it refuses nothing
    }
}
