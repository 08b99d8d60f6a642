package io.manul.controllers.workload.deployment;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The condition Progressing (Kubernetes, "Deployments", Deployment status): a new ReplicaSet was made or found, pods come
 * and go, the rollout is complete, or nothing has moved for longer than progressDeadlineSeconds. Pure.
 */
final class Progress {

    private static final String TYPE = "Progressing";
    private static final String COMPLETE = "NewReplicaSetAvailable";
    private static final String OVERDUE = "ProgressDeadlineExceeded";
    private static final String PAUSED = "DeploymentPaused";

    private Progress() {
    }

    private static boolean watched(Obj deployment) {
        long limit = deployment.number("spec", "progressDeadlineSeconds").orElse(Integer.MAX_VALUE);
        return limit < Integer.MAX_VALUE;
    }

    /** Pausing stops the clock of the deadline, resuming starts it anew. */
    static void paused(Obj deployment, Conditions conditions) {
        boolean paused = deployment.flag("spec", "paused");
        if (!watched(deployment) || conditions.because(TYPE, OVERDUE)) {
            return;
        }
        if (paused && !conditions.because(TYPE, PAUSED)) {
            conditions.set(TYPE, "Unknown", PAUSED, "Deployment is paused");
        } else if (!paused && conditions.because(TYPE, PAUSED)) {
            conditions.set(TYPE, "Unknown", "DeploymentResumed", "Deployment is resumed");
        }
    }

    static void made(Obj deployment, Obj set, Conditions conditions) {
        if (watched(deployment)) {
            conditions.set(TYPE, "True", "NewReplicaSetCreated", "Created new replica set \"" + set.name() + "\"");
        }
    }

    static void found(Obj deployment, Obj set, Conditions conditions) {
        if (watched(deployment) && conditions.get(TYPE).isEmpty()) {
            conditions.set(TYPE, "True", "FoundNewReplicaSet", "Found new replica set \"" + set.name() + "\"");
        }
    }

    static String notMade(Obj deployment, String name, String why, Conditions conditions) {
        String message = "Failed to create new replica set \"" + name + "\": " + why;
        if (watched(deployment)) {
            conditions.set(TYPE, "False", "ReplicaSetCreateError", message);
        }
        return message;
    }

    /** Judges a rollout by its numbers now and those it had. */
    static void judge(Rollout r, Obj status, Conditions conditions, Instant now) {
        if (!watched(r.deployment)) {
            conditions.remove(TYPE);
            return;
        }
        boolean done = conditions.because(TYPE, COMPLETE) && status.number("replicas").orElse(0) == status.number("updatedReplicas").orElse(0);
        if (done) {
            return; // a finished rollout whose pods fail later is not a rollout that hangs
        }
        String what = r.fresh.map(s -> "ReplicaSet \"" + s.name() + "\"").orElse("Deployment \"" + r.deployment.name() + "\"");
        if (DeploymentStatus.complete(r, status)) {
            conditions.set(TYPE, "True", COMPLETE, what + " has successfully progressed.");
        } else if (moved(r.deployment.at("status"), status)) {
            conditions.renew(TYPE, "True", "ReplicaSetUpdated", what + " is progressing.");
        } else if (overdue(r.deployment, conditions, now)) {
            conditions.set(TYPE, "False", OVERDUE, what + " has timed out progressing.");
        }
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

    private static boolean overdue(Obj deployment, Conditions conditions, Instant now) {
        if (conditions.because(TYPE, OVERDUE)) {
            return true;
        }
        return conditions.get(TYPE).filter(c -> !c.text("reason").equals(COMPLETE))
                .map(c -> Conditions.age(c, now).compareTo(limit(deployment)) > 0).orElse(false);
    }

    private static Duration limit(Obj deployment) {
        return Duration.ofSeconds(deployment.number("spec", "progressDeadlineSeconds").orElse(600));
    }

    /** When the deadline must be looked at again, if nothing moves until then. */
    static Optional<Duration> next(Rollout r, Obj status, Conditions conditions, Instant now) {
        if (!watched(r.deployment) || r.deployment.flag("spec", "paused") || DeploymentStatus.complete(r, status)) {
            return Optional.empty();
        }
        return conditions.get(TYPE).filter(c -> !c.text("reason").equals(COMPLETE) && !c.text("reason").equals(OVERDUE))
                .map(c -> limit(r.deployment).minus(Conditions.age(c, now)).plusSeconds(1));
    }
}
