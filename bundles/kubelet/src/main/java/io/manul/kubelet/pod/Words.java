package io.manul.kubelet.pod;

import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.status.LastWords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Termination messages, read once: an exited container says nothing more. The pod's worker only. */
final class Words {

    private final Map<String, String> known = new HashMap<>();

    String of(Instance exited) {
        return known.computeIfAbsent(exited.id(), id -> LastWords.of(exited));
    }

    void keep(List<Instance> there) {
        known.keySet().removeIf(id -> there.stream().noneMatch(i -> i.id().equals(id)));
    }
}
