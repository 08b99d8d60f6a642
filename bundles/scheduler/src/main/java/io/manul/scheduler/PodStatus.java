package io.manul.scheduler;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.scheduler.framework.PodInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the scheduler says in a pod's status. Safe from any thread. */
final class PodStatus {

    private final Cluster cluster;
    private final InstantSource clock;

    PodStatus(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    private String now() {
        return Instant.ofEpochMilli(clock.millis()).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The condition PodScheduled, False. @param nominated where room is made; empty: no longer anywhere */
    void unscheduled(PodInfo pod, String reason, String message, String nominated) throws ClusterException, InterruptedException {
        Obj before = pod.wish().scheduled();
        boolean was = before.text("status").equals("False");
        boolean moved = !pod.standing().nominated().equals(nominated);
        if (was && before.text("reason").equals(reason) && before.text("message").equals(message) && !moved) {
            return;
        }
        Obj condition = Obj.of("type", "PodScheduled", "status", "False", "reason", reason, "message", message,
                "observedGeneration", pod.id().generation() == 0 ? null : pod.id().generation(),
                "lastTransitionTime", was ? before.string("lastTransitionTime").orElse(now()) : now());
        Obj status = Obj.of("conditions", List.of(condition));
        if (moved) {
            nominate(status, nominated);
        }
        patch(pod, status);
    }

    /** A null takes a key away by a patch. */
    private static void nominate(Obj status, String node) {
        status.map().put("nominatedNodeName", node.isEmpty() ? null : node);
    }

    void denominate(PodInfo pod) throws ClusterException, InterruptedException {
        Map<String, Object> status = new HashMap<>();
        nominate(Obj.view(status), "");
        patch(pod, Obj.view(status));
    }

    /** Why it is about to be deleted (KEP-3329). */
    void disrupted(PodInfo victim, String scheduler) throws ClusterException, InterruptedException {
        patch(victim, Obj.of("conditions", List.of(Obj.of("type", "DisruptionTarget", "status", "True", "reason", "PreemptionByScheduler",
                "message", scheduler + ": preempting to accommodate a higher priority pod",
                "observedGeneration", victim.id().generation() == 0 ? null : victim.id().generation(), "lastTransitionTime", now()))));
    }

    private void patch(PodInfo pod, Obj status) throws ClusterException, InterruptedException {
        cluster.patch(Resources.PODS, pod.key().namespace(), pod.key().name(), "status", Patch.STRATEGIC,
                Obj.of("metadata", Obj.of("uid", pod.id().uid()), "status", status));
    }
}
