package io.manul.controllers.sets.statefulset;

import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import java.time.Instant;

/** How a pod of a StatefulSet is. Pure. */
final class Condition {

    private Condition() {
    }

    private static String phase(Obj pod) {
        return pod.text("status", "phase");
    }

    /** In the cluster, not only meant to be. */
    static boolean created(Obj pod) {
        return !phase(pod).isEmpty();
    }

    static boolean pending(Obj pod) {
        return phase(pod).equals("Pending");
    }

    static boolean ended(Obj pod) {
        return phase(pod).equals("Failed") || phase(pod).equals("Succeeded");
    }

    static boolean runningAndReady(Obj pod) {
        return phase(pod).equals("Running") && PodState.ready(pod);
    }

    static boolean available(Obj set, Obj pod, Instant now) {
        return PodState.available(pod, set.number("spec", "minReadySeconds").orElse(0), now);
    }

    static boolean unavailable(Obj set, Obj pod, Instant now) {
        return pod.deleting() || !available(set, pod, now);
    }
}
