package io.manul.kubelet.server;

import io.manul.kubelet.model.Pod;
import io.manul.kubelet.server.Containers.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The pods of this node as the API has them; none while the kubelet does not act. */
record Pods(Supplier<List<Pod>> all) {

    Optional<Pod> find(Target target) {
        return all.get().stream().filter(p -> p.name().equals(target.pod()) && p.namespace().equals(target.namespace()))
                .filter(p -> target.uid().isEmpty() || target.uid().equals(p.uid())).findFirst();
    }
}
