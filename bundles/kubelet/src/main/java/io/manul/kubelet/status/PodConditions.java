package io.manul.kubelet.status;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The conditions of a pod that its kubelet owns (Kubernetes, "Pod Lifecycle", "Pod conditions"). Pure. */
final class PodConditions {

    private PodConditions() {
    }

    /** @param network the sandbox runs and has its address */
    static List<Obj> of(Pod pod, String phase, List<Obj> inits, List<Obj> mains, boolean network, Instant now) {
        List<Obj> sidecars = inits.stream().filter(s -> pod.container(s.text("name")).filter(Pod::sidecar).isPresent()).toList();
        List<Obj> serving = new ArrayList<>(sidecars);
        serving.addAll(mains);
        Obj containersReady = ready(phase, serving);
        List<Obj> next = new ArrayList<>();
        next.add(condition("PodReadyToStartContainers", network, "", ""));
        next.add(initialized(pod, phase, inits, mains));
        next.add(gates(pod, containersReady));
        next.add(containersReady.copy().put("type", "ContainersReady"));
        next.add(condition("PodScheduled", true, "", ""));
        return timed(pod, next, now);
    }

    private static Obj condition(String type, boolean holds, String reason, String message) {
        return Obj.of("type", type, "status", holds ? "True" : "False", "reason", reason.isEmpty() ? null : reason,
                "message", message.isEmpty() ? null : message);
    }

    private static Obj initialized(Pod pod, String phase, List<Obj> inits, List<Obj> mains) {
        if (phase.equals("Succeeded")) {
            return condition("Initialized", true, "PodCompleted", "");
        }
        boolean begun = mains.stream().anyMatch(s -> s.has("containerID"));
        List<Obj> open = inits.stream().filter(s -> pod.container(s.text("name")).filter(Pod::sidecar).isPresent()
                ? !s.flag("started") : !s.flag("ready")).toList();
        return begun || open.isEmpty() ? condition("Initialized", true, "", "")
                : condition("Initialized", false, "ContainersNotInitialized", "containers with incomplete status: " + names(open));
    }

    private static String names(List<Obj> statuses) {
        return statuses.stream().map(s -> s.text("name")).collect(Collectors.joining(" ", "[", "]"));
    }

    private static Obj ready(String phase, List<Obj> serving) {
        if (phase.equals("Succeeded")) {
            return condition("Ready", false, "PodCompleted", "");
        }
        if (phase.equals("Failed")) {
            return condition("Ready", false, "PodFailed", "");
        }
        List<Obj> unready = serving.stream().filter(s -> !s.flag("ready")).toList();
        return unready.isEmpty() ? condition("Ready", true, "", "")
                : condition("Ready", false, "ContainersNotReady", "containers with unready status: " + names(unready));
    }

    /** Ready also needs the pod's readiness gates (API reference, PodReadinessGate). */
    private static Obj gates(Pod pod, Obj containersReady) {
        if (!containersReady.text("status").equals("True")) {
            return containersReady;
        }
        List<String> shut = new ArrayList<>();
        for (Obj gate : pod.spec().objects("readinessGates")) {
            String type = gate.text("conditionType");
            String status = pod.status().objects("conditions").stream().filter(c -> c.text("type").equals(type))
                    .map(c -> c.text("status")).findFirst().orElse("");
            if (status.isEmpty()) {
                shut.add("corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
            } else if (!status.equals("True")) {
                shut.add("the status of pod readiness gate \"" + type + "\" is not \"True\", but " + status);
            }
        }
        return shut.isEmpty() ? containersReady : condition("Ready", false, "ReadinessGatesNotReady", String.join(", ", shut));
    }

    /** Adds times and generation; keeps the conditions of others. */
    private static List<Obj> timed(Pod pod, List<Obj> next, Instant now) {
        List<Obj> before = pod.status().objects("conditions");
        Object generation = pod.object().get("metadata", "generation");
        List<Obj> out = new ArrayList<>();
        for (Obj c : next) {
            Obj old = before.stream().filter(b -> b.text("type").equals(c.text("type"))).findFirst().orElseGet(Obj::of);
            String since = old.text("status").equals(c.text("status")) && old.has("lastTransitionTime") ? old.text("lastTransitionTime")
                    : now.truncatedTo(ChronoUnit.SECONDS).toString();
            Obj timed = c.copy().put("lastTransitionTime", since).put("observedGeneration", generation);
            timed.map().put("lastProbeTime", null);
            out.add(timed);
        }
        before.stream().filter(b -> next.stream().noneMatch(c -> c.text("type").equals(b.text("type")))).forEach(out::add);
        return out;
    }
}
