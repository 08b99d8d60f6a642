package io.manul.controllers.sets.daemonset;

import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;

/** DaemonSet.status: of every node that should have a pod, its oldest one counts (API reference, DaemonSetStatus). Pure. */
final class DaemonSetStatus {

    private DaemonSetStatus() {
    }

    /** @param generation what has been acted on */
    static Obj of(Nodes nodes, long generation) {
        long current = 0;
        long misscheduled = 0;
        long ready = 0;
        long available = 0;
        long updated = 0;
        for (Map.Entry<String, Placement.Verdict> e : nodes.verdicts.entrySet()) {
            List<Obj> pods = nodes.on(e.getKey());
            if (pods.isEmpty()) {
                continue;
            }
            if (!e.getValue().run()) {
                misscheduled++;
                continue;
            }
            Obj pod = pods.getFirst();
            current++;
            ready += PodState.ready(pod) ? 1 : 0;
            available += nodes.available(pod) ? 1 : 0;
            updated += nodes.updated(pod) ? 1 : 0;
        }
        Obj before = nodes.set.at("status");
        return Obj.of("currentNumberScheduled", current, "numberMisscheduled", misscheduled, "desiredNumberScheduled", nodes.desired(),
                "numberReady", ready, "observedGeneration", positive(generation), "updatedNumberScheduled", positive(updated),
                "numberAvailable", positive(available), "numberUnavailable", positive(nodes.desired() - available),
                "collisionCount", before.get("collisionCount"), "conditions", before.get("conditions"));
    }

    /** Left out when none, as upstream. */
    private static Long positive(long n) {
        return n == 0 ? null : n;
    }
}
