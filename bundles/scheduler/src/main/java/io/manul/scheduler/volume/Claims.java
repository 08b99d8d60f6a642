package io.manul.scheduler.volume;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import io.manul.scheduler.framework.LabelQuery;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.NodeQuery;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts about claims and volumes (Kubernetes, "Persistent Volumes"). */
final class Claims {

    static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    private static final String BOUND = "pv.kubernetes.io/bind-completed";

    private Claims() {
    }

    static boolean bound(Obj claim) {
        return !claim.text("spec", "volumeName").isEmpty() && (claim.annotations().containsKey(BOUND) || claim.text("status", "phase").equals("Bound"));
    }

    static boolean waitsForConsumer(Optional<Obj> storageClass) {
        return storageClass.map(c -> c.text("volumeBindingMode").equals("WaitForFirstConsumer")).orElse(false);
    }

    static boolean provisioned(Obj storageClass) {
        return !storageClass.text("provisioner").equals("kubernetes.io/no-provisioner");
    }

    static String selectedNode(Obj claim) {
        return claim.annotations().getOrDefault(SELECTED_NODE, "");
    }

    static boolean reaches(Obj volume, NodeFacts node) {
        return volume.object("spec", "nodeAffinity", "required").map(s -> NodeQuery.selector(s).matches(node)).orElse(true);
    }

    /** The smallest volume that would do for the claim on that node. */
    static Optional<Obj> match(Obj claim, List<Obj> volumes, NodeFacts node) {
        long size = Quantity.units(claim.get("spec", "resources", "requests", "storage"));
        LabelQuery query = claim.object("spec", "selector").map(LabelQuery::of).orElse(LabelQuery.EVERYTHING);
        Optional<Obj> own = volumes.stream().filter(v -> refersTo(v, claim)).findFirst();
        if (own.isPresent()) {
            return own.filter(v -> reaches(v, node));
        }
        return volumes.stream().filter(v -> !v.has("spec", "claimRef") && v.text("status", "phase").equals("Available") && !v.deleting())
                .filter(v -> Quantity.units(v.get("spec", "capacity", "storage")) >= size && fits(v, claim) && query.matches(v.labels()))
                .filter(v -> reaches(v, node)).min(Comparator.comparingLong(v -> Quantity.units(v.get("spec", "capacity", "storage"))));
    }

    static boolean refersTo(Obj volume, Obj claim) {
        Obj ref = volume.at("spec", "claimRef");
        return ref.text("name").equals(claim.name()) && ref.text("namespace").equals(claim.namespace())
                && (ref.text("uid").isEmpty() || ref.text("uid").equals(claim.uid()));
    }

    private static boolean fits(Obj volume, Obj claim) {
        String mode = claim.string("spec", "volumeMode").orElse("Filesystem");
        return volume.strings("spec", "accessModes").containsAll(claim.strings("spec", "accessModes"))
                && volume.string("spec", "volumeMode").orElse("Filesystem").equals(mode)
                && volume.text("spec", "volumeAttributesClassName").equals(claim.text("spec", "volumeAttributesClassName"));
    }

    /** {@code allowedTopologies} of a class: one of its terms, each key with one of its values. */
    static boolean allows(Obj storageClass, NodeFacts node) {
        List<Obj> terms = storageClass.objects("allowedTopologies");
        return terms.isEmpty() || terms.stream().anyMatch(t -> t.objects("matchLabelExpressions").stream()
                .allMatch(e -> e.strings("values").contains(node.labels().get(e.text("key")))));
    }

    /** A CSI driver that tells its capacity must have enough where the node is. */
    static boolean enoughSpace(Obj claim, Obj storageClass, NodeFacts node, Storage storage) {
        boolean told = storage.driver(storageClass.text("provisioner")).map(d -> d.flag("spec", "storageCapacity")).orElse(false);
        long size = Quantity.units(claim.get("spec", "resources", "requests", "storage"));
        return !told || storage.capacities().stream().anyMatch(c -> c.text("storageClassName").equals(storageClass.name())
                && c.has("nodeTopology") && LabelQuery.at(c, "nodeTopology").matches(node.labels())
                && Quantity.units(Optional.ofNullable(c.get("maximumVolumeSize")).orElse(c.get("capacity"))) >= size);
    }

    static Map<String, String> zones(Obj volume) {
        Map<String, String> labels = volume.labels();
        labels.keySet().removeIf(k -> !List.of(NodeFacts.ZONE, NodeFacts.REGION, "failure-domain.beta.kubernetes.io/zone",
                "failure-domain.beta.kubernetes.io/region").contains(k));
        return labels;
    }
}
