package io.manul.controllers.workload.deployment;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** The numbers of Deployment.status, and the conditions that follow from numbers alone, in upstream's words. Pure. */
final class DeploymentStatus {

    private DeploymentStatus() {
    }

    static Obj of(Rollout r, Conditions conditions) {
        List<Obj> all = r.all();
        long available = Rollout.sum(all, "status", "availableReplicas");
        available(r, available, conditions);
        Obj status = Obj.of("observedGeneration", r.deployment.number("metadata", "generation").orElse(0),
                "replicas", positive(Rollout.sum(all, "status", "replicas")),
                "updatedReplicas", positive(r.fresh.map(s -> s.number("status", "replicas").orElse(0)).orElse(0L)),
                "readyReplicas", positive(Rollout.sum(all, "status", "readyReplicas")),
                "availableReplicas", positive(available),
                "unavailableReplicas", positive(Math.max(0, Rollout.sum(all, "spec", "replicas") - available)),
                "terminatingReplicas", Rollout.sum(all, "status", "terminatingReplicas"),
                "collisionCount", r.deployment.get("status", "collisionCount"));
        return status.put("conditions", conditions.all());
    }

    private static Object positive(long n) {
        return n == 0 ? null : n;
    }

    private static void available(Rollout r, long available, Conditions conditions) {
        if (available >= r.wanted() - r.shares.unavailable()) {
            conditions.set("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.");
        } else {
            conditions.set("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.");
        }
    }

    static boolean complete(Rollout r, Obj status) {
        return status.number("updatedReplicas").orElse(0) == r.wanted() && status.number("replicas").orElse(0) == r.wanted()
                && status.number("availableReplicas").orElse(0) == r.wanted();
    }

    /** What a ReplicaSet could not make or remove; the new one's trouble first. */
    static void failure(Rollout r, Conditions conditions) {
        Optional<Obj> failure = r.fresh.flatMap(DeploymentStatus::failure)
                .or(() -> r.old.stream().flatMap(s -> failure(s).stream()).findFirst());
        if (failure.isPresent()) {
            conditions.set("ReplicaFailure", "True", failure.get().text("reason"), failure.get().text("message"));
        } else {
            conditions.remove("ReplicaFailure");
        }
    }

    private static Optional<Obj> failure(Obj set) {
        return set.objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals("ReplicaFailure") && c.text("status").equals("True")).findFirst();
    }
}
