package io.manul.controllers.workload.deployment;

import io.manul.client.ClusterException;
import io.manul.controllers.workload.PodState;
import io.manul.json.Obj;
import java.util.List;

/** All old pods go before the first new one comes. */
final class Recreate {

    private Recreate() {
    }

    /** @return whether the old pods are gone, so that the new ReplicaSet may be made */
    static boolean oldGone(Rollout r, List<Obj> oldPods) throws ClusterException, InterruptedException {
        boolean scaled = false;
        for (Obj set : r.old) {
            if (Rollout.replicas(set) > 0) {
                scaled |= r.scale(set, 0);
            }
        }
        return !scaled && oldPods.stream().allMatch(p -> !PodState.active(p) && !p.deleting());
    }
}
