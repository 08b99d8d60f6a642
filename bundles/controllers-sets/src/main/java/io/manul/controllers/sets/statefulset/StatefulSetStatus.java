package io.manul.controllers.sets.statefulset;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** StatefulSet.status from its pods (API reference, StatefulSetStatus). Pure. */
final class StatefulSetStatus {

    private StatefulSetStatus() {
    }

    static Obj of(Obj set, Versions versions, List<Obj> pods, Instant now) {
        String update = versions.update().name();
        long replicas = pods.stream().filter(Condition::created).count();
        long ready = count(pods, Condition::runningAndReady);
        long updated = count(pods, p -> staying(p) && Identity.revision(p).equals(update));
        String current = complete(set, replicas, ready, updated) ? update : versions.current().name();
        long currents = count(pods, p -> staying(p) && Identity.revision(p).equals(current));
        return Obj.of("observedGeneration", set.number("metadata", "generation").orElse(0), "replicas", replicas,
                "readyReplicas", positive(ready), "currentReplicas", positive(currents), "updatedReplicas", positive(updated),
                "currentRevision", current, "updateRevision", update, "collisionCount", versions.collisions(),
                "availableReplicas", count(pods, p -> Condition.runningAndReady(p) && Condition.available(set, p, now)),
                "conditions", set.get("status", "conditions"));
    }

    private static boolean staying(Obj pod) {
        return Condition.created(pod) && !pod.deleting();
    }

    private static long count(List<Obj> pods, Predicate<Obj> which) {
        return pods.stream().filter(which).count();
    }

    /** Left out when none, as upstream. */
    private static Long positive(long n) {
        return n == 0 ? null : n;
    }

    /** All pods are at the update revision and ready: it is the current one from now on. */
    private static boolean complete(Obj set, long replicas, long ready, long updated) {
        long wanted = Identity.replicas(set);
        return set.text("spec", "updateStrategy", "type").equals("RollingUpdate") && updated == wanted && ready == wanted && replicas == wanted;
    }
}
