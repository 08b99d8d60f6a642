package io.manul.kubelet.node;

import io.manul.json.Obj;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The conditions of this node, in upstream's words (API reference, NodeCondition). */
final class NodeConditions {

    private static final long LEAST_MEMORY = 100L << 20;
    /** Of a hundred parts of the disk, and of the process table. */
    private static final long LEAST_DISK = 5;
    private static final long LEAST_PROCESSES = 5;

    private NodeConditions() {
    }

    /** @param trouble why pods cannot run here; empty when they can */
    static List<Obj> of(Machine.Space memory, Machine.Space disk, Machine.Space processes, String trouble) {
        return List.of(
                pressure("MemoryPressure", memory.available() < LEAST_MEMORY,
                        "KubeletHasInsufficientMemory", "kubelet has insufficient memory available",
                        "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                pressure("DiskPressure", disk.available() < disk.total() / 100 * LEAST_DISK,
                        "KubeletHasDiskPressure", "kubelet has disk pressure",
                        "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                pressure("PIDPressure", processes.available() < processes.total() / 100 * LEAST_PROCESSES,
                        "KubeletHasInsufficientPID", "kubelet has insufficient PID available",
                        "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                trouble.isEmpty() ? condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
                        : condition("Ready", "False", "KubeletNotReady", trouble));
    }

    private static Obj pressure(String type, boolean pressed, String reason, String message, String fine, String well) {
        return pressed ? condition(type, "True", reason, message) : condition(type, "False", fine, well);
    }

    private static Obj condition(String type, String status, String reason, String message) {
        return Obj.of("type", type, "status", status, "reason", reason, "message", message);
    }

    /** Adds the times: a transition keeps its time while the status stays. Conditions of others are kept. */
    static List<Obj> timed(List<Obj> next, List<Obj> before, Instant now) {
        String text = now.truncatedTo(ChronoUnit.SECONDS).toString();
        List<Obj> all = new ArrayList<>();
        for (Obj c : next) {
            String since = before.stream().filter(b -> b.text("type").equals(c.text("type")) && b.text("status").equals(c.text("status")))
                    .map(b -> b.text("lastTransitionTime")).filter(t -> !t.isEmpty()).findFirst().orElse(text);
            all.add(c.copy().put("lastHeartbeatTime", text).put("lastTransitionTime", since));
        }
        before.stream().filter(b -> next.stream().noneMatch(c -> c.text("type").equals(b.text("type")))).forEach(all::add);
        return all;
    }
}
