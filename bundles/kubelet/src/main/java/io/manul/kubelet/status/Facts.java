package io.manul.kubelet.status;

import io.manul.json.Obj;
import io.manul.kubelet.runtime.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the kubelet knows of a pod beside what the runtime says.
 *
 * @param waiting  why a container does not run, by its name: {@code reason} and {@code message}
 * @param ready    the readiness probe of a running container holds, or there is none
 * @param started  the startup probe of a running container held, or there is none
 * @param words    the termination message of a container that exited
 * @param failure  why the whole pod failed: {@code reason} and {@code message}
 * @param terminal nothing of the pod runs any more, or ever will
 */
public record Facts(List<String> hostIps, Map<String, Obj> waiting, Predicate<Instance> ready, Predicate<Instance> started,
        Function<Instance, String> words, Optional<Obj> failure, boolean terminal, Instant now) {
}
