package io.manul.controllers.node;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;

/** Deletes a pod, and lets its condition DisruptionTarget say why before (Kubernetes, "Disruptions", Pod disruption conditions). */
final class Removal {

    private Removal() {
    }

    static void remove(Cluster cluster, Obj pod, String reason, String message, OptionalLong graceSeconds, Instant now)
            throws ClusterException, InterruptedException {
        Obj condition = Obj.of("type", "DisruptionTarget", "status", "True", "reason", reason, "message", message,
                "lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        try {
            cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "status", Patch.STRATEGIC,
                    Obj.of("metadata", Obj.of("uid", pod.uid()), "status", Obj.of("conditions", List.of(condition))));
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e; // gone already is what was wanted
            }
        }
        cluster.delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, graceSeconds, pod.uid());
    }
}
