package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.model.Taints;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** NoSchedule and NoExecute taints must be tolerated; fewer untolerated PreferNoSchedule taints score higher. */
final class TaintToleration implements SchedulerPlugin {

    private static final Set<String> HARD = Set.of("NoSchedule", "NoExecute");

    @Override
    public String name() {
        return "TaintToleration";
    }

    @Override
    public Optional<String> filter(PodWish pod, NodeState node) {
        return Taints.untolerated(node.taints(), pod.pod().objects("spec", "tolerations"), HARD)
                .map(t -> "node(s) had untolerated taint(s)");
    }

    @Override
    public int score(PodWish pod, NodeState node) {
        List<Obj> tolerations = pod.pod().objects("spec", "tolerations");
        long soft = node.taints().stream().filter(t -> t.text("effect").equals("PreferNoSchedule"))
                .filter(t -> tolerations.stream().noneMatch(o -> Taints.tolerates(o, t))).count();
        return (int) (100 / (1 + soft));
    }

    @Override
    public int weight() {
        return 3;
    }
}
