package io.manul.scheduler.volume;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A volume that is labelled with a zone or region is reached from nodes there only. */
public final class VolumeZone implements Plugin {

    private final Storage storage;

    public VolumeZone(Storage storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "VolumeZone";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        Map<String, Set<String>> places = new HashMap<>();
        for (String name : pod.claims()) {
            storage.claim(new Key(pod.key().namespace(), name)).map(c -> c.text("spec", "volumeName")).filter(v -> !v.isEmpty())
                    .flatMap(storage::volume).map(Claims::zones).orElse(Map.of())
                    .forEach((k, v) -> places.merge(k, Set.of(v.split("__")), VolumeZone::both));
        }
        Refusal elsewhere = Refusal.unfit(name(), "node(s) had no available volume zone");
        return places.isEmpty() ? Optional.empty() : Optional.of(new Rule() {
            @Override
            public Refusal filter(NodeInfo node) {
                return !placed(node) || places.entrySet().stream().allMatch(e -> e.getValue().contains(at(node, e.getKey()))) ? null : elsewhere;
            }
        });
    }

    private static Set<String> both(Set<String> a, Set<String> b) {
        return Set.copyOf(a.stream().filter(b::contains).toList());
    }

    private static boolean placed(NodeInfo node) {
        return List.of(NodeFacts.ZONE, NodeFacts.REGION, "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region").stream()
                .anyMatch(node.labels()::containsKey);
    }

    private static String at(NodeInfo node, String key) {
        String value = node.labels().get(key);
        return value != null ? value : node.labels().getOrDefault(key.replace("failure-domain.beta.kubernetes.io", "topology.kubernetes.io"), "");
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Set.of(Change.Kind.NODE, Change.Kind.STORAGE);
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return VolumeBinding.concerns(pod, change);
    }
}
