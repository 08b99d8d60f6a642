package io.manul.controllers.workload.deployment;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.util.List;

/** All old pods go before the first new one comes (API reference, DeploymentStrategy, Recreate). */
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
        return !scaled && Rollout.sum(r.old, "status", "replicas") == 0 && oldPods.stream().allMatch(Recreate::ended);
    }

    /** A pod that is being deleted but has not ended may still hold what the new one needs. */
    private static boolean ended(Obj pod) {
        String phase = pod.text("status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }
}
