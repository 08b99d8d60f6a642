package io.manul.kubelet.pod;

import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The end of a pod's containers (Kubernetes, "Pod Lifecycle", "Termination of Pods", with sidecars). The pod's worker only. */
final class Ending {

    private final Parts parts;
    private final Stops stops;

    Ending(Parts parts, Stops stops) {
        this.parts = parts;
        this.stops = stops;
    }

    /** Counted from the deletion, so that a restart of ours adds nothing; at least a second (KILL is for the runtime). */
    long grace(Pod pod, boolean gone) {
        long whole = Math.max(1, pod.graceSeconds());
        Optional<Instant> until = pod.object().string("metadata", "deletionTimestamp").map(Instant::parse);
        if (gone || until.isEmpty()) {
            return whole;
        }
        // the API's time has whole seconds, rounded down: a second more, or the grace would be short of one
        return Math.clamp(Duration.between(parts.clock().instant(), until.get()).toSeconds() + 1, 1, whole);
    }

    /** Containers first, then sidecars, the last one first. @return true when none runs any more */
    boolean stop(Pod pod, Observed seen, String ip, long grace) {
        List<Instance> running = seen.running();
        List<Instance> now = running.stream().filter(i -> pod.container(i.name()).filter(Pod::sidecar).isEmpty()).toList();
        if (now.isEmpty()) {
            now = pod.initContainers().reversed().stream().flatMap(c -> running.stream().filter(i -> i.name().equals(c.text("name"))))
                    .limit(1).toList();
        }
        for (Instance i : now) {
            if (stops.stop(pod, i, ip, grace)) {
                parts.events().normal(pod.about(i.name()), "Killing", "Stopping container " + i.name());
            }
        }
        return running.isEmpty();
    }
}
