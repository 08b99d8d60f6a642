package io.manul.scheduler.plugin;

import io.manul.json.Obj;
import io.manul.model.Selector;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.util.List;
import java.util.Optional;

/** {@code spec.nodeSelector} and node affinity, required and preferred. */
final class NodeAffinity implements SchedulerPlugin {

    @Override
    public String name() {
        return "NodeAffinity";
    }

    @Override
    public Optional<String> filter(PodWish pod, NodeState node) {
        boolean selected = Selector.of(pod.pod().stringMap("spec", "nodeSelector")).matches(node.labels());
        Optional<Obj> required = pod.pod().object("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        boolean wanted = required.isEmpty() || required.get().objects("nodeSelectorTerms").stream()
                .anyMatch(t -> Selector.termMatches(t, node.labels(), node.name()));
        return selected && wanted ? Optional.empty() : Optional.of("node(s) didn't match Pod's node affinity/selector");
    }

    @Override
    public int score(PodWish pod, NodeState node) {
        List<Obj> preferred = pod.pod().objects("spec", "affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution");
        long all = preferred.stream().mapToLong(p -> p.number("weight").orElse(0)).sum();
        long met = preferred.stream().filter(p -> Selector.termMatches(p.at("preference"), node.labels(), node.name()))
                .mapToLong(p -> p.number("weight").orElse(0)).sum();
        return all == 0 ? 0 : (int) (100 * met / all);
    }

    @Override
    public int weight() {
        return 2;
    }
}
