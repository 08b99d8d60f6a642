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
import java.util.Optional;
import java.util.OptionalLong;

/** Deletes a pod, and lets its condition DisruptionTarget say why before (Kubernetes, "Disruptions", Pod disruption conditions). */
final class Removal {

    private Removal() {
    }

    static Obj disrupted(String reason, String message, Instant now) {
        return Obj.of("type", "DisruptionTarget", "status", "True", "reason", reason, "message", message,
                "lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Its kubelet ends it. */
    static void remove(Cluster cluster, Obj pod, String reason, String message, OptionalLong graceSeconds, Instant now)
            throws ClusterException, InterruptedException {
        status(cluster, pod, Obj.of("conditions", List.of(disrupted(reason, message, now))));
        cluster.delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, graceSeconds, pod.uid());
    }

    /** Nobody ends it any more: it goes at once, and has failed unless it had ended. */
    static void fail(Cluster cluster, Obj pod, Optional<Obj> condition) throws ClusterException, InterruptedException {
        String phase = pod.text("status", "phase");
        if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
            status(cluster, pod, Obj.of("phase", "Failed", "conditions", condition.map(List::of).orElse(null)));
        }
        cluster.delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, OptionalLong.of(0), pod.uid());
    }

    private static void status(Cluster cluster, Obj pod, Obj status) throws ClusterException, InterruptedException {
        try {
            cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "status", Patch.STRATEGIC,
                    Obj.of("metadata", Obj.of("uid", pod.uid()), "status", status));
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e; // gone already is what was wanted
            }
        }
    }
}
