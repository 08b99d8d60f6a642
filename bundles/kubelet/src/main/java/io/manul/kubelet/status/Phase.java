package io.manul.kubelet.status;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import java.util.Optional;

/** {@code status.phase} (Kubernetes, "Pod Lifecycle", "Pod phase"). Pure. */
public final class Phase {

    private Phase() {
    }

    /** @param terminal nothing of the pod runs any more, or ever will */
    public static String of(Pod pod, Observed seen, boolean terminal) {
        int waiting = 0;
        int running = 0;
        int stopped = 0;
        int succeeded = 0;
        boolean again = false;
        for (Obj c : pod.containers()) {
            Optional<Instance> latest = seen.latest(c.text("name"));
            if (latest.isEmpty() || latest.get().created()) {
                waiting++;
            } else if (latest.get().running()) {
                running++;
            } else {
                stopped++;
                succeeded += latest.get().exitCode() == 0 ? 1 : 0;
                again |= pod.restarts(c, latest.get().exitCode());
            }
        }
        if (terminal) {
            return waiting == 0 && running == 0 && stopped == succeeded && stopped > 0 ? "Succeeded" : "Failed";
        }
        if (initFailed(pod, seen)) {
            return "Failed";
        }
        if (waiting > 0) {
            return "Pending";
        }
        if (running > 0 || again) {
            return "Running";
        }
        return stopped == succeeded ? "Succeeded" : "Failed";
    }

    /** Every container is over and none will be started again. */
    public static boolean over(String phase) {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static boolean initFailed(Pod pod, Observed seen) {
        return pod.initContainers().stream().filter(c -> !Pod.sidecar(c)).anyMatch(c -> seen.latest(c.text("name"))
                .filter(l -> l.over() && l.exitCode() != 0 && !pod.restarts(c, l.exitCode())).isPresent());
    }
}
