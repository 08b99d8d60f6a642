package io.manul.scheduler.volume;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A CSI driver attaches no more volumes to a node than the node's CSINode says. */
public final class NodeVolumeLimits implements Plugin {

    private final Storage storage;

    public NodeVolumeLimits(Storage storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return "NodeVolumeLimits";
    }

    /** The volumes of a pod by driver; one that is yet to be made counts by its claim. */
    private void volumes(PodInfo pod, Map<String, Set<String>> into) {
        for (String name : pod.claims()) {
            Key key = new Key(pod.key().namespace(), name);
            Optional<Obj> claim = storage.claim(key);
            Optional<Obj> volume = claim.map(c -> c.text("spec", "volumeName")).filter(v -> !v.isEmpty()).flatMap(storage::volume);
            if (volume.isPresent()) {
                volume.get().object("spec", "csi").ifPresent(c -> into.computeIfAbsent(c.text("driver"), d -> new HashSet<>()).add(c.text("volumeHandle")));
            } else {
                claim.flatMap(c -> storage.storageClass(c.text("spec", "storageClassName")))
                        .ifPresent(c -> into.computeIfAbsent(c.text("provisioner"), d -> new HashSet<>()).add("claim " + key));
            }
        }
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        if (pod.volumes().claims().isEmpty() || !storage.anyCsiNode()) {
            return Optional.empty();
        }
        Map<String, Set<String>> wanted = new HashMap<>();
        volumes(pod, wanted);
        Refusal full = Refusal.crowded(name(), "node(s) exceed max volume count");
        return Optional.of(new Rule() {
            @Override
            public Refusal filter(NodeInfo node) {
                Optional<Obj> csi = wanted.isEmpty() ? Optional.empty() : storage.csiNode(node.name());
                return csi.isPresent() && exceeds(wanted, node, csi.get()) ? full : null;
            }
        });
    }

    private boolean exceeds(Map<String, Set<String>> wanted, NodeInfo node, Obj csiNode) {
        Map<String, Set<String>> there = new HashMap<>();
        node.pods().forEach(p -> volumes(p, there));
        for (Obj driver : csiNode.objects("spec", "drivers")) {
            Set<String> more = wanted.getOrDefault(driver.text("name"), Set.of());
            long limit = driver.number("allocatable", "count").orElse(Long.MAX_VALUE);
            Set<String> all = new HashSet<>(there.getOrDefault(driver.text("name"), Set.of()));
            if (!all.containsAll(more)) {
                all.addAll(more);
                if (all.size() > limit) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Change.EVERY;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return switch (change) {
            case Change.Pod p -> p.after() == null && !p.before().claims().isEmpty();
            case Change.Node n -> n.before() == null;
            case Change.Storage s -> VolumeBinding.concerns(pod, s);
            case Change.Rules r -> false;
        };
    }
}
