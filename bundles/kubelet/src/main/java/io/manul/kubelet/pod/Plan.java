package io.manul.kubelet.pod;

import io.manul.json.Obj;
import io.manul.kubelet.container.ContainerConfigs;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.runtime.Sandbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * What must be done now so that a pod runs as it should (Kubernetes, "Pod Lifecycle", "Init Containers", "Sidecar
 * Containers"). Pure: the same sight gives the same plan.
 *
 * @param sandbox the pod needs a new sandbox before anything else
 * @param start   containers to start, in order
 * @param kill    containers to stop, and why, in the words of their event
 */
record Plan(boolean sandbox, List<String> start, Map<Instance, String> kill) {

    /** @param started whether a running container has started up @param unhealthy why a container must be restarted */
    static Plan of(Pod pod, Observed seen, BiPredicate<Obj, Instance> started, Function<Instance, Optional<String>> unhealthy) {
        Optional<Sandbox> sandbox = seen.readySandbox();
        if (sandbox.isEmpty()) {
            return new Plan(true, List.of(), Map.of());
        }
        Plan plan = new Plan(false, new ArrayList<>(), new LinkedHashMap<>());
        Observed inside = new Observed(List.of(sandbox.get()),
                seen.instances().stream().filter(i -> i.sandbox().equals(sandbox.get().id())).toList());
        if (plan.inits(pod, inside, started, unhealthy)) {
            plan.mains(pod, seen, unhealthy);
        }
        return plan;
    }

    /** @return true when every init container is done, so that the others may run */
    private boolean inits(Pod pod, Observed inside, BiPredicate<Obj, Instance> started, Function<Instance, Optional<String>> unhealthy) {
        boolean begun = pod.containers().stream().anyMatch(c -> inside.latest(c.text("name")).isPresent());
        for (Obj c : pod.initContainers()) {
            Optional<Instance> latest = inside.latest(c.text("name"));
            boolean on = Pod.sidecar(c) ? sidecar(c, latest, started, unhealthy) : begun || once(pod, c, latest);
            if (!on && !begun) {
                return false;
            }
        }
        return true;
    }

    private boolean sidecar(Obj c, Optional<Instance> latest, BiPredicate<Obj, Instance> started, Function<Instance, Optional<String>> unhealthy) {
        if (latest.isEmpty() || !latest.get().running()) {
            start.add(c.text("name"));
            return false;
        }
        killWhenIll(c, latest.get(), unhealthy);
        return started.test(c, latest.get());
    }

    private boolean once(Pod pod, Obj c, Optional<Instance> latest) {
        if (latest.isEmpty() || latest.get().created()) {
            start.add(c.text("name"));
            return false;
        }
        if (latest.get().running()) {
            killWhenIll(c, latest.get(), i -> Optional.empty());
            return false;
        }
        if (latest.get().exitCode() == 0) {
            return true;
        }
        if (pod.restarts(c, latest.get().exitCode())) {
            start.add(c.text("name"));
        }
        return false;
    }

    private void mains(Pod pod, Observed seen, Function<Instance, Optional<String>> unhealthy) {
        for (Obj c : pod.containers()) {
            Optional<Instance> latest = seen.latest(c.text("name"));
            if (latest.isPresent() && latest.get().running()) {
                killWhenIll(c, latest.get(), unhealthy);
            } else if (latest.isEmpty() || latest.get().created() || pod.restarts(c, latest.get().exitCode())) {
                start.add(c.text("name"));
            }
        }
    }

    private void killWhenIll(Obj c, Instance running, Function<Instance, Optional<String>> unhealthy) {
        if (!running.hash().isEmpty() && !running.hash().equals(ContainerConfigs.hash(c))) {
            kill.put(running, "Container " + c.text("name") + " definition changed, will be restarted");
        } else {
            unhealthy.apply(running).ifPresent(why -> kill.put(running, why));
        }
    }
}
