package io.manul.controllers.sets.daemonset;

import io.manul.json.Obj;
import io.manul.model.Selector;
import io.manul.model.Taints;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which nodes a DaemonSet wants a pod on (Kubernetes, "DaemonSet", How Daemon Pods are scheduled). Pure. */
final class Placement {

    /** The field of a node that a pod of a DaemonSet is bound to. */
    static final String NAME_FIELD = "metadata.name";

    /** @param run a pod is wanted here; @param stay a pod that is here may stay */
    record Verdict(boolean run, boolean stay) {
        private static final Verdict NO = new Verdict(false, false);
    }

    private final Obj spec;
    private final List<Obj> tolerations;

    /** @param set the DaemonSet */
    Placement(Obj set) {
        this.spec = set.at("spec", "template", "spec");
        this.tolerations = DaemonPod.tolerations(spec);
    }

    Verdict on(Obj node) {
        String wanted = spec.text("nodeName");
        if (!wanted.isEmpty() && !wanted.equals(node.name()) || !attracted(node)) {
            return Verdict.NO;
        }
        List<Obj> taints = node.objects("spec", "taints");
        if (Taints.untolerated(taints, tolerations, Set.of("NoSchedule", "NoExecute")).isEmpty()) {
            return new Verdict(true, true);
        }
        return new Verdict(false, Taints.untolerated(taints, tolerations, Set.of("NoExecute")).isEmpty());
    }

    private boolean attracted(Obj node) {
        Map<String, String> labels = node.labels();
        if (!Selector.of(spec.stringMap("nodeSelector")).matches(labels)) {
            return false;
        }
        Optional<Obj> required = spec.object("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return required.isEmpty() || required.get().objects("nodeSelectorTerms").stream().anyMatch(t -> Selector.termMatches(t, labels, node.name()));
    }

    /** The node that a pod is on, or is meant for; empty when it says neither. */
    static String node(Obj pod) {
        String bound = pod.text("spec", "nodeName");
        if (!bound.isEmpty()) {
            return bound;
        }
        return pod.objects("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").stream()
                .flatMap(t -> t.objects("matchFields").stream()).filter(f -> f.text("key").equals(NAME_FIELD) && f.text("operator").equals("In"))
                .map(f -> f.strings("values")).filter(v -> v.size() == 1).map(List::getFirst).findFirst().orElse("");
    }
}
