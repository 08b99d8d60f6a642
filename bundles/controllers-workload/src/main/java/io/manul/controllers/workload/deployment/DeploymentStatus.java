package io.manul.controllers.workload.deployment;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deployment.status and its conditions Available, Progressing, ReplicaFailure, in upstream's reasons and words. Pure. */
final class DeploymentStatus {

    private DeploymentStatus() {
    }

    static Obj of(Rollout r, Instant now) {
        Obj d = r.deployment;
        List<Obj> all = r.all();
        long total = Rollout.sum(all, "status", "replicas");
        long available = Rollout.sum(all, "status", "availableReplicas");
        long updated = r.fresh.map(s -> s.number("status", "replicas").orElse(0)).orElse(0L);
        Obj status = Obj.of("observedGeneration", d.number("metadata", "generation").orElse(0), "replicas", positive(total),
                "updatedReplicas", positive(updated), "readyReplicas", positive(Rollout.sum(all, "status", "readyReplicas")),
                "availableReplicas", positive(available), "unavailableReplicas", positive(Math.max(0, total - available)),
                "terminatingReplicas", positive(Rollout.sum(all, "status", "terminatingReplicas")),
                "collisionCount", d.get("status", "collisionCount"));
        if (r.wanted() > total && available < r.wanted()) {
            status.put("unavailableReplicas", positive(r.wanted() - available));
        }
        List<Obj> conditions = new ArrayList<>();
        available(r, available, now).ifPresent(conditions::add);
        progressing(r, status, now).ifPresent(conditions::add);
        failure(r, now).ifPresent(conditions::add);
        return status.put("conditions", conditions);
    }

    private static Object positive(long n) {
        return n == 0 ? null : n;
    }

    private static Optional<Obj> condition(Obj d, String type) {
        return d.objects("status", "conditions").stream().filter(c -> c.text("type").equals(type)).findFirst();
    }

    /** The condition as it should be: times move only when what they tell changed. */
    private static Obj set(Obj d, String type, String status, String reason, String message, Instant now) {
        Optional<Obj> was = condition(d, type);
        boolean same = was.isPresent() && was.get().text("status").equals(status);
        boolean unchanged = same && was.get().text("reason").equals(reason) && was.get().text("message").equals(message);
        return Obj.of("type", type, "status", status, "reason", reason, "message", message,
                "lastUpdateTime", unchanged ? was.get().text("lastUpdateTime") : now.toString(),
                "lastTransitionTime", same ? was.get().text("lastTransitionTime") : now.toString());
    }

    private static Optional<Obj> available(Rollout r, long available, Instant now) {
        return Optional.of(available >= r.wanted() - r.shares.unavailable()
                ? set(r.deployment, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
                : set(r.deployment, "Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now));
    }

    static boolean complete(Rollout r, Obj status) {
        long updated = status.number("updatedReplicas").orElse(0);
        return updated == r.wanted() && status.number("replicas").orElse(0) == r.wanted()
                && status.number("availableReplicas").orElse(0) == r.wanted();
    }

    private static Optional<Obj> progressing(Rollout r, Obj status, Instant now) {
        Obj d = r.deployment;
        Optional<Obj> was = condition(d, "Progressing");
        if (d.number("spec", "progressDeadlineSeconds").orElse(Integer.MAX_VALUE) >= Integer.MAX_VALUE) {
            return was;
        }
        if (d.flag("spec", "paused")) {
            return Optional.of(set(d, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", now));
        }
        if (was.map(c -> c.text("reason").equals("DeploymentPaused")).orElse(false)) {
            return Optional.of(set(d, "Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", now));
        }
        String name = r.fresh.map(s -> "ReplicaSet \"" + s.name() + "\"").orElse("Deployment \"" + d.name() + "\"");
        if (complete(r, status)) {
            return Optional.of(set(d, "Progressing", "True", "NewReplicaSetAvailable", name + " has successfully progressed.", now));
        }
        if (moved(d.at("status"), status) || was.isEmpty()) {
            boolean fresh = was.isEmpty() && r.fresh.isPresent() && Rollout.sum(r.all(), "status", "replicas") == 0;
            Obj c = set(d, "Progressing", "True", fresh ? "NewReplicaSetCreated" : "ReplicaSetUpdated",
                    fresh ? "Created new replica set \"" + r.fresh.get().name() + "\"" : name + " is progressing.", now);
            return Optional.of(c.put("lastUpdateTime", now.toString()));
        }
        if (overdue(d, was.get(), now)) {
            return Optional.of(set(d, "Progressing", "False", "ProgressDeadlineExceeded", name + " has timed out progressing.", now));
        }
        return was;
    }

    private static boolean moved(Obj was, Obj now) {
        return more(was, now, "updatedReplicas") || more(was, now, "readyReplicas") || more(was, now, "availableReplicas")
                || old(now) < old(was);
    }

    private static long old(Obj status) {
        return status.number("replicas").orElse(0) - status.number("updatedReplicas").orElse(0);
    }

    private static boolean more(Obj was, Obj now, String what) {
        return now.number(what).orElse(0) > was.number(what).orElse(0);
    }

    private static boolean overdue(Obj d, Obj was, Instant now) {
        if (was.text("reason").equals("NewReplicaSetAvailable")) {
            return false; // a finished rollout whose pods fail later is not a rollout that hangs
        }
        if (was.text("reason").equals("ProgressDeadlineExceeded")) {
            return true;
        }
        return untilDeadline(d, was, now).isNegative();
    }

    static Duration untilDeadline(Obj d, Obj progressing, Instant now) {
        long limit = d.number("spec", "progressDeadlineSeconds").orElse(600);
        return Duration.between(now, Instant.parse(progressing.text("lastUpdateTime")).plusSeconds(limit));
    }

    private static Optional<Obj> failure(Rollout r, Instant now) {
        return r.all().stream().flatMap(s -> s.objects("status", "conditions").stream())
                .filter(c -> c.text("type").equals("ReplicaFailure") && c.text("status").equals("True")).findFirst()
                .map(c -> set(r.deployment, "ReplicaFailure", "True", c.text("reason"), c.text("message"), now));
    }
}
