package io.manul.kubelet.status;

import io.manul.cri.v1.ContainerStatus;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The status of each container (API reference, ContainerStatus). Pure. */
final class ContainerStatuses {

    private static final int LOST = 137;

    private ContainerStatuses() {
    }

    /** @param before {@code containerStatuses} or {@code initContainerStatuses} as the API has it */
    static List<Obj> of(Pod pod, List<Obj> containers, List<Obj> before, Observed seen, Facts facts) {
        List<Obj> out = new ArrayList<>();
        for (Obj c : containers) {
            String name = c.text("name");
            Obj old = before.stream().filter(b -> b.text("name").equals(name)).findFirst().orElseGet(Obj::of);
            out.add(one(pod, c, old, seen, facts));
        }
        return out;
    }

    private static Obj one(Pod pod, Obj container, Obj old, Observed seen, Facts facts) {
        String name = container.text("name");
        boolean init = pod.isInit(name) && !Pod.sidecar(container);
        List<Instance> starts = seen.of(name);
        Optional<Instance> latest = starts.stream().findFirst();
        boolean running = latest.isPresent() && latest.get().running();
        boolean started = running && (init || facts.started().test(latest.get()));
        boolean ready = init ? latest.isPresent() && latest.get().over() && latest.get().exitCode() == 0
                : started && facts.ready().test(latest.get());
        Obj state = state(pod, container, old, seen, facts);
        Obj last = last(old, starts, state, facts);
        long restarts = latest.map(i -> (long) i.restarts()).orElseGet(() -> old.number("restartCount").orElse(0));
        Obj out = Obj.of("name", name, "state", state, "lastState", last, "ready", ready, "restartCount", restarts,
                "image", container.text("image"), "imageID", latest.map(i -> imageId(i.status())).orElse(old.text("imageID")), "started", started);
        latest.map(i -> id(i.id())).or(() -> old.string("containerID")).ifPresent(id -> out.put("containerID", id));
        container.object("resources").filter(r -> !r.isEmpty()).ifPresent(r -> {
            out.put("resources", r);
            r.object("requests").ifPresent(q -> out.put("allocatedResources", q));
        });
        return out;
    }

    static String id(String id) {
        return "containerd://" + id;
    }

    private static String imageId(ContainerStatus s) {
        return s.getImageRef().isEmpty() ? s.getImageId() : s.getImageRef();
    }

    private static Obj state(Pod pod, Obj container, Obj old, Observed seen, Facts facts) {
        String name = container.text("name");
        Optional<Instance> latest = seen.latest(name);
        Obj why = facts.waiting().get(name);
        if (latest.isPresent() && latest.get().running()) {
            return Obj.of("running", Obj.of("startedAt", time(latest.get().status().getStartedAt())));
        }
        if (why != null && !facts.terminal()) {
            return Obj.of("waiting", why);
        }
        if (latest.isPresent() && latest.get().over()) {
            return Obj.of("terminated", terminated(latest.get(), facts));
        }
        if (latest.isEmpty() && facts.terminal() && old.has("containerID")) {
            return Obj.of("terminated", old.has("state", "terminated") ? old.at("state", "terminated") : lost(old));
        }
        return Obj.of("waiting", Obj.of("reason", initializing(pod, name, seen) ? "PodInitializing" : "ContainerCreating"));
    }

    /** Init containers stand before this one that are not done: the first is being created, the others wait for it. */
    private static boolean initializing(Pod pod, String name, Observed seen) {
        List<Obj> inits = pod.initContainers();
        return !inits.isEmpty() && !(inits.getFirst().text("name").equals(name) && seen.latest(name).isEmpty());
    }

    private static Obj terminated(Instance i, Facts facts) {
        ContainerStatus s = i.status();
        String reason = !s.getReason().isEmpty() ? s.getReason() : s.getExitCode() == 0 ? "Completed" : "Error";
        String words = facts.words().apply(i);
        return Obj.of("containerID", id(i.id()), "exitCode", s.getExitCode(), "reason", reason,
                "message", !words.isEmpty() ? words : s.getMessage().isEmpty() ? null : s.getMessage(),
                "startedAt", time(s.getStartedAt()), "finishedAt", time(s.getFinishedAt()));
    }

    /** The one before, while the container runs again or waits for it. */
    private static Obj last(Obj old, List<Instance> starts, Obj state, Facts facts) {
        boolean shown = state.has("terminated");
        Optional<Instance> over = starts.stream().skip(shown ? 1 : 0).filter(Instance::over).findFirst();
        if (over.isPresent()) {
            return Obj.of("terminated", terminated(over.get(), facts));
        }
        if (starts.isEmpty() && !shown && old.has("containerID")) {
            return Obj.of("terminated", old.has("state", "terminated") ? old.at("state", "terminated")
                    : old.has("state", "running") ? lost(old) : old.at("lastState", "terminated"));
        }
        return old.at("lastState").copy();
    }

    private static Obj lost(Obj old) {
        return Obj.of("containerID", old.text("containerID"), "exitCode", LOST, "reason", "ContainerStatusUnknown",
                "message", "The container could not be located when the pod was terminated", "startedAt", null, "finishedAt", null);
    }

    /** @param nanos since 1970 */
    static String time(long nanos) {
        return nanos <= 0 ? null : Instant.ofEpochSecond(nanos / 1_000_000_000L).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
