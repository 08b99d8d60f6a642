package io.manul.controllers.sets.statefulset;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One pass over the pods of a StatefulSet (Kubernetes, "StatefulSets", Deployment and Scaling Guarantees): pods that are missing
 * are made in the order of their ordinals, pods too many are removed in the reverse order, and then a rolling update goes on.
 * Ordered, it stops at the first pod that is not available; {@code Parallel}, it does not wait.
 */
final class Round {

    private final Obj set;
    private final Versions versions;
    private final StatefulPods control;
    private final Instant now;
    private final boolean ordered;
    /** By ordinal from the first one on; of those not in the cluster what they will be. */
    private final Obj[] replicas;
    /** Out of range, the highest ordinal first. */
    private final List<Obj> condemned = new ArrayList<>();

    Round(Obj set, Versions versions, List<Obj> pods, StatefulPods control, Instant now) {
        this.set = set;
        this.versions = versions;
        this.control = control;
        this.now = now;
        this.ordered = !set.text("spec", "podManagementPolicy").equals("Parallel");
        this.replicas = new Obj[Identity.replicas(set)];
        int start = Identity.start(set);
        for (Obj pod : pods) {
            if (Identity.inRange(set, pod)) {
                replicas[Identity.ordinal(pod) - start] = pod;
            } else if (Identity.ordinal(pod) >= 0) {
                condemned.add(pod);
            }
        }
        for (int i = 0; i < replicas.length; i++) {
            if (replicas[i] == null) {
                replicas[i] = versions.pod(set, start + i);
            }
        }
        condemned.sort(Comparator.comparingInt(Identity::ordinal).reversed());
    }

    /** Every pod that is in the cluster, as far as this pass knows. */
    List<Obj> pods() {
        return Stream.concat(Arrays.stream(replicas), condemned.stream()).filter(Condition::created).toList();
    }

    void run() throws ClusterException, InterruptedException {
        for (int i = 0; i < replicas.length; i++) {
            if (keep(i)) {
                return;
            }
        }
        for (Obj pod : condemned) {
            if (!control.retained(versions.updated(set), pod)) {
                control.retain(versions.updated(set), pod);
            }
        }
        Obj unhealthy = firstUnavailable();
        for (int i = 0; i < condemned.size(); i++) {
            if (remove(i, unhealthy)) {
                return;
            }
        }
        if (set.text("spec", "updateStrategy", "type").equals("RollingUpdate")) {
            update();
        }
    }

    /** @return nothing more can be done now */
    private boolean keep(int i) throws ClusterException, InterruptedException {
        Obj pod = replicas[i];
        if (Condition.ended(pod)) {
            if (!pod.deleting()) {
                control.delete(set, pod);
            }
            return true; // made anew when it is gone
        }
        if (!Condition.created(pod)) {
            if (control.stale(set, pod)) {
                return true;
            }
            replicas[i] = control.create(set, pod);
            return ordered;
        }
        if (Condition.pending(pod)) {
            control.supply(set, pod);
        }
        if (ordered && (pod.deleting() || !Condition.runningAndReady(pod) || !Condition.available(set, pod, now))) {
            return true;
        }
        Obj updated = versions.updated(set);
        if (!control.inOrder(updated, pod)) {
            control.mend(updated, pod);
        }
        return false;
    }

    private Obj firstUnavailable() {
        return Stream.concat(Arrays.stream(replicas), condemned.reversed().stream()).filter(p -> Condition.unavailable(set, p, now)).findFirst()
                .orElse(null);
    }

    /** @return the others wait */
    private boolean remove(int i, Obj unhealthy) throws ClusterException, InterruptedException {
        Obj pod = condemned.get(i);
        if (pod.deleting()) {
            return ordered;
        }
        if (ordered && pod != unhealthy && (!Condition.runningAndReady(pod) || !Condition.available(set, pod, now))) {
            return true;
        }
        condemned.set(i, deleted(pod));
        return ordered;
    }

    private Obj deleted(Obj pod) throws ClusterException, InterruptedException {
        control.delete(set, pod);
        Obj going = pod.copy();
        going.set(now.toString(), "metadata", "deletionTimestamp");
        return going;
    }

    private void update() throws ClusterException, InterruptedException {
        for (int i : Updates.next(set, List.of(replicas), versions.update().name(), now)) {
            replicas[i] = deleted(replicas[i]);
        }
    }
}
