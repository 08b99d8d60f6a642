package io.manul.apiserver.kinds.pod;

import io.manul.apiserver.kinds.Age;
import io.manul.apiserver.kinds.Cells;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Columns of {@code kubectl get pods}: the reason in STATUS, restarts with the age of the last. */
final class PodColumns {

    static final Cells CELLS = new Cells()
            .text("Ready", PodColumns::ready)
            .text("Status", PodColumns::status)
            .with("Restarts", 0, r -> restarts(r.object(), r.now()))
            .age()
            .wide("IP", p -> Cells.or(p.text("status", "podIP"), "<none>"))
            .wide("Node", p -> Cells.or(p.text("spec", "nodeName"), "<none>"))
            .wide("Nominated Node", p -> Cells.or(p.text("status", "nominatedNodeName"), "<none>"))
            .wide("Readiness Gates", PodColumns::gates);

    private PodColumns() {
    }

    private static List<Obj> sidecars(Obj pod) {
        List<String> names = pod.objects("spec", "initContainers").stream()
                .filter(c -> c.text("restartPolicy").equals("Always")).map(c -> c.text("name")).toList();
        return pod.objects("status", "initContainerStatuses").stream().filter(s -> names.contains(s.text("name"))).toList();
    }

    private static Object ready(Obj pod) {
        List<Obj> statuses = Stream.concat(sidecars(pod).stream(), pod.objects("status", "containerStatuses").stream()).toList();
        long ready = statuses.stream().filter(s -> s.flag("ready") && s.has("state", "running")).count();
        long sidecars = pod.objects("spec", "initContainers").stream().filter(c -> c.text("restartPolicy").equals("Always")).count();
        return ready + "/" + (pod.objects("spec", "containers").size() + sidecars);
    }

    private static Object restarts(Obj pod, Instant now) {
        long sum = 0;
        Optional<String> last = Optional.empty();
        for (Obj s : Stream.concat(pod.objects("status", "initContainerStatuses").stream(),
                pod.objects("status", "containerStatuses").stream()).toList()) {
            sum += s.number("restartCount").orElse(0);
            Optional<String> at = s.string("lastState", "terminated", "finishedAt");
            if (at.isPresent() && (last.isEmpty() || at.get().compareTo(last.get()) > 0)) {
                last = at;
            }
        }
        return sum > 0 && last.isPresent() ? sum + " (" + Age.of(last.get(), now) + " ago)" : Long.toString(sum);
    }

    private static Object status(Obj pod) {
        String reason = Cells.or(pod.text("status", "reason"), pod.text("status", "phase"));
        for (Obj c : pod.objects("status", "conditions")) {
            if (c.text("type").equals("PodScheduled") && c.text("reason").equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
        }
        Optional<String> init = initializing(pod);
        reason = init.orElse(reason);
        if (init.isEmpty()) {
            reason = containers(pod, reason);
        }
        if (pod.deleting()) {
            String phase = pod.text("status", "phase");
            if (pod.text("status", "reason").equals("NodeLost")) {
                return "Unknown";
            }
            return phase.equals("Succeeded") || phase.equals("Failed") ? reason : "Terminating";
        }
        return reason;
    }

    private static Optional<String> initializing(Obj pod) {
        List<Obj> statuses = pod.objects("status", "initContainerStatuses");
        List<Obj> specs = pod.objects("spec", "initContainers");
        for (int i = 0; i < statuses.size(); i++) {
            Obj s = statuses.get(i);
            boolean sidecar = specs.stream().anyMatch(c -> c.text("name").equals(s.text("name")) && c.text("restartPolicy").equals("Always"));
            if (s.has("state", "terminated") && s.number("state", "terminated", "exitCode").orElse(0) == 0
                    || sidecar && s.flag("started")) {
                continue;
            }
            if (s.has("state", "terminated")) {
                Obj t = s.at("state", "terminated");
                return Optional.of("Init:" + Cells.or(t.text("reason"), code(t)));
            }
            String waiting = s.text("state", "waiting", "reason");
            return Optional.of(!waiting.isEmpty() && !waiting.equals("PodInitializing") ? "Init:" + waiting
                    : "Init:" + i + "/" + specs.size());
        }
        return Optional.empty();
    }

    private static String containers(Obj pod, String reason) {
        String text = reason;
        boolean running = false;
        for (Obj s : pod.objects("status", "containerStatuses").reversed()) {
            if (!s.text("state", "waiting", "reason").isEmpty()) {
                text = s.text("state", "waiting", "reason");
            } else if (s.has("state", "terminated")) {
                Obj t = s.at("state", "terminated");
                text = Cells.or(t.text("reason"), code(t));
            } else if (s.flag("ready") && s.has("state", "running")) {
                running = true;
            }
        }
        if (text.equals("Completed") && running) {
            boolean ready = pod.objects("status", "conditions").stream()
                    .anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"));
            return ready ? "Running" : "NotReady";
        }
        return text;
    }

    private static String code(Obj terminated) {
        long signal = terminated.number("signal").orElse(0);
        return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.number("exitCode").orElse(0);
    }

    private static Object gates(Obj pod) {
        List<Obj> gates = pod.objects("spec", "readinessGates");
        if (gates.isEmpty()) {
            return "<none>";
        }
        long met = gates.stream().filter(g -> pod.objects("status", "conditions").stream()
                .anyMatch(c -> c.text("type").equals(g.text("conditionType")) && c.text("status").equals("True"))).count();
        return met + "/" + gates.size();
    }
}
