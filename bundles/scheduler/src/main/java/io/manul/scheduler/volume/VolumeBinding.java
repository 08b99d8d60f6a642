package io.manul.scheduler.volume;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.Volumes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A bound claim ties the pod to where its volume is; one that waits for its first consumer is bound where the pod will run. */
public final class VolumeBinding implements Plugin {

    private static final String NAME = "VolumeBinding";
    private final Storage storage;

    public VolumeBinding(Storage storage) {
        this.storage = storage;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        return pod.volumes().claims().isEmpty() ? Optional.empty() : Optional.of(new Binding(pod));
    }

    /** What must be bound for a node. @param fixed volume by claim @param provision claims that get a new volume */
    public record Decision(String node, Map<String, Obj> fixed, List<Obj> provision) {
        public boolean nothing() {
            return fixed.isEmpty() && provision.isEmpty();
        }
    }

    /** The pod's claims and, node by node, what they allow. */
    public final class Binding implements Rule {

        private static final String CONFLICT = "node(s) didn't find available persistent volumes to bind";
        private final Key pod;
        private final List<Obj> boundTo = new ArrayList<>();
        private final List<Obj> waiting = new ArrayList<>();
        private final Map<String, List<Obj>> volumes = new HashMap<>();
        private boolean immediate;
        private boolean lost;
        private String trouble = "";

        Binding(PodInfo pod) {
            this.pod = pod.key();
            pod.volumes().claims().forEach(c -> take(c, pod));
        }

        private void take(Volumes.Claim c, PodInfo of) {
            Optional<Obj> found = storage.claim(new Key(pod.namespace(), c.name()));
            if (found.isEmpty()) {
                trouble = c.owner().isEmpty() ? "persistentvolumeclaim \"" + c.name() + "\" not found"
                        : "waiting for ephemeral volume controller to create the persistentvolumeclaim \"" + c.name() + "\"";
                return;
            }
            Obj claim = found.get();
            if (claim.text("status", "phase").equals("Lost")) {
                trouble = "persistentvolumeclaim \"" + c.name() + "\" bound to non-existent persistentvolume \"" + claim.text("spec", "volumeName") + "\"";
            } else if (claim.deleting()) {
                trouble = "persistentvolumeclaim \"" + c.name() + "\" is being deleted";
            } else if (!c.owner().isEmpty() && claim.objects("metadata", "ownerReferences").stream()
                    .noneMatch(o -> o.flag("controller") && o.text("uid").equals(of.id().uid()))) {
                trouble = "PVC " + pod.namespace() + "/" + c.name() + " was not created for pod " + pod + " (pod is not owner)";
            } else {
                sort(claim);
            }
        }

        private void sort(Obj claim) {
            if (Claims.bound(claim)) {
                Optional<Obj> volume = storage.volume(claim.text("spec", "volumeName"));
                volume.ifPresent(boundTo::add);
                lost |= volume.isEmpty();
            } else if (claim.text("spec", "volumeName").isEmpty()
                    && Claims.waitsForConsumer(storage.storageClass(claim.text("spec", "storageClassName")))) {
                waiting.add(claim);
            } else {
                immediate = true;
            }
        }

        @Override
        public Refusal everywhere() {
            return !trouble.isEmpty() ? Refusal.unfit(NAME, trouble)
                    : immediate ? Refusal.unfit(NAME, "pod has unbound immediate PersistentVolumeClaims") : null;
        }

        @Override
        public Refusal filter(NodeInfo node) {
            if (lost) {
                return Refusal.unfit(NAME, "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
            }
            List<String> reasons = new ArrayList<>();
            if (!boundTo.stream().allMatch(v -> Claims.reaches(v, node.facts()))) {
                reasons.add("node(s) didn't match PersistentVolume's node affinity");
            }
            if (!waiting.isEmpty()) {
                decide(node, reasons);
            }
            return reasons.isEmpty() ? null : new Refusal(NAME, List.copyOf(reasons), false);
        }

        /** What would be bound there. */
        public Decision decision(NodeInfo node) {
            return decide(node, new ArrayList<>());
        }

        private Decision decide(NodeInfo node, List<String> reasons) {
            Map<String, Obj> fixed = new LinkedHashMap<>();
            List<Obj> provision = new ArrayList<>();
            for (Obj claim : waiting) {
                Key key = Key.of(claim);
                String selected = Claims.selectedNode(claim);
                Optional<Obj> volume = selected.isEmpty() ? Claims.match(claim, free(claim, fixed), node.facts()) : Optional.empty();
                if (volume.isPresent()) {
                    fixed.put(key.name(), volume.get());
                    continue;
                }
                Obj storageClass = storage.storageClass(claim.text("spec", "storageClassName")).orElse(Obj.of());
                boolean elsewhere = !selected.isEmpty() && !selected.equals(node.name());
                if (elsewhere || !Claims.provisioned(storageClass) || !Claims.allows(storageClass, node.facts())) {
                    reasons.add(CONFLICT);
                    break;
                }
                if (selected.isEmpty() && !Claims.enoughSpace(claim, storageClass, node.facts(), storage)) {
                    reasons.add("node(s) did not have enough free storage");
                    break;
                }
                provision.add(claim);
            }
            return new Decision(node.name(), fixed, provision);
        }

        private List<Obj> free(Obj claim, Map<String, Obj> taken) {
            return volumes.computeIfAbsent(claim.text("spec", "storageClassName"), storage::volumesOf).stream()
                    .filter(v -> !storage.promisedToAnother(v.name(), Key.of(claim)))
                    .filter(v -> taken.values().stream().noneMatch(t -> t.name().equals(v.name()))).toList();
        }
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Set.of(Change.Kind.NODE, Change.Kind.STORAGE);
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return concerns(pod, change);
    }

    /** A claim of the pod, anything of storage that is no claim, or a node that has other labels. */
    static boolean concerns(PodInfo pod, Change change) {
        return switch (change) {
            case Change.Storage s when s.resource().equals("persistentvolumeclaims") -> s.after() != null
                    && s.after().namespace().equals(pod.key().namespace()) && pod.claims().contains(s.after().name());
            case Change.Storage s -> s.after() != null;
            case Change.Node n -> n.after() != null && (n.before() == null || !n.before().labels().equals(n.after().labels()));
            default -> false;
        };
    }
}
