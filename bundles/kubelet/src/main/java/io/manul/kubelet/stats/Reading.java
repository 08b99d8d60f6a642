package io.manul.kubelet.stats;

import io.manul.kubelet.cgroup.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Everything at one moment. @param node all of the machine @param root of all pods; empty while none was made */
record Reading(Instant at, Usage node, Optional<Usage> root, Network network, List<OfPod> pods) {

    /** @param usage of the pod's group; empty when it has none yet @param started of its sandbox */
    record OfPod(String namespace, String name, String uid, String group, Instant started, Optional<Usage> usage, Optional<Network> network,
            List<OfContainer> containers) {
    }

    record OfContainer(String name, String id, String image, String group, Instant started, Usage usage) {
    }
}
