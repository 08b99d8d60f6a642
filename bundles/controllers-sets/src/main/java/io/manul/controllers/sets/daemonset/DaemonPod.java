package io.manul.controllers.sets.daemonset;

import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;

/** The pod that a DaemonSet makes for a node: its template, bound by affinity, with the default tolerations. Pure. */
final class DaemonPod {

    static final String HASH = "controller-revision-hash";
    static final String GENERATION = "deprecated.daemonset.template.generation";
    private static final String POD_GENERATION = "pod-template-generation";
    private static final String NODE = "node.kubernetes.io/";

    private DaemonPod() {
    }

    static Obj of(Obj set, String node, String hash) {
        Obj template = set.at("spec", "template").copy();
        Obj metadata = Obj.of("generateName", set.name() + "-", "namespace", set.namespace(),
                "ownerReferences", List.of(Owners.reference(set, Resources.DAEMON_SETS)));
        for (String part : List.of("labels", "annotations", "finalizers")) {
            metadata.put(part, template.get("metadata", part));
        }
        Obj labels = metadata.make("labels");
        labels.put(HASH, hash);
        if (!generation(set).isEmpty()) {
            labels.put(POD_GENERATION, generation(set));
        }
        Obj spec = template.make("spec");
        spec.put("tolerations", tolerations(spec));
        Obj term = Obj.of("matchFields", List.of(Obj.of("key", Placement.NAME_FIELD, "operator", "In", "values", List.of(node))));
        spec.make("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution").put("nodeSelectorTerms", List.of(term));
        return Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", spec);
    }

    private static String generation(Obj set) {
        String n = set.annotations().getOrDefault(GENERATION, "");
        return n.matches("[0-9]{1,18}") ? n : "";
    }

    /** Made from the current template. */
    static boolean updated(Obj set, Obj pod, String hash) {
        String generation = generation(set);
        return hash.equals(pod.labels().get(HASH)) || !generation.isEmpty() && generation.equals(pod.labels().get(POD_GENERATION));
    }

    /** The template's, and those for every condition of a node that its daemons should outlive. */
    static List<Obj> tolerations(Obj spec) {
        List<Obj> all = new ArrayList<>(spec.objects("tolerations"));
        tolerate(all, "not-ready", "NoExecute");
        tolerate(all, "unreachable", "NoExecute");
        tolerate(all, "disk-pressure", "NoSchedule");
        tolerate(all, "memory-pressure", "NoSchedule");
        tolerate(all, "pid-pressure", "NoSchedule");
        tolerate(all, "unschedulable", "NoSchedule");
        if (spec.flag("hostNetwork")) {
            tolerate(all, "network-unavailable", "NoSchedule");
        }
        return all;
    }

    private static void tolerate(List<Obj> all, String taint, String effect) {
        Obj wanted = Obj.of("key", NODE + taint, "operator", "Exists", "effect", effect);
        for (int i = 0; i < all.size(); i++) {
            Obj t = all.get(i);
            if (t.text("key").equals(NODE + taint) && t.text("effect").equals(effect) && t.text("operator").equals("Exists") && t.text("value").isEmpty()) {
                all.set(i, wanted);
                return;
            }
        }
        all.add(wanted);
    }
}
