package io.manul.scheduler.framework;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What only a pod without a node has.
 *
 * @param pod       the object; what plug-ins of others see
 * @param scheduler by whom it wants to be placed
 * @param nodes     where it may run
 * @param preferred where it would rather run
 * @param spread    topologySpreadConstraints
 * @param images    of its containers, init containers included
 * @param gates     names of what holds it back
 * @param preempts  whether it may push others out
 */
public record Wish(Obj pod, String scheduler, NodeQuery nodes, List<Preference> preferred, List<Toleration> tolerations, List<Spread> spread,
        List<String> images, List<String> gates, boolean preempts) {

    public static final Wish NONE = new Wish(Obj.of(), "", NodeQuery.ANY, List.of(), List.of(), List.of(), List.of(), List.of(), false);

    /** A PreferredSchedulingTerm. */
    public record Preference(NodeQuery query, int weight) {

        public static Preference of(Obj term) {
            return new Preference(NodeQuery.term(term.at("preference")), (int) term.number("weight").orElse(0));
        }
    }

    /** A TopologySpreadConstraint. @param hard DoNotSchedule @param affinity nodes that do not match the pod are left out */
    public record Spread(int maxSkew, String key, boolean hard, LabelQuery pods, int minDomains, boolean affinity, boolean taints) {

        public static Spread of(Obj c, Map<String, String> podLabels) {
            LabelQuery query = LabelQuery.at(c, "labelSelector");
            Map<String, String> more = new HashMap<>();
            c.strings("matchLabelKeys").forEach(k -> {
                if (podLabels.containsKey(k)) {
                    more.put(k, podLabels.get(k));
                }
            });
            return new Spread((int) c.number("maxSkew").orElse(1), c.text("topologyKey"), !c.text("whenUnsatisfiable").equals("ScheduleAnyway"),
                    more.isEmpty() ? query : query.and(more), (int) c.number("minDomains").orElse(1),
                    !c.text("nodeAffinityPolicy").equals("Ignore"), c.text("nodeTaintsPolicy").equals("Honor"));
        }

        public Spread of(LabelQuery query) {
            return new Spread(maxSkew, key, hard, query, minDomains, affinity, taints);
        }
    }

    static Wish of(Obj pod) {
        Obj spec = pod.at("spec");
        List<String> images = new ArrayList<>();
        spec.objects("initContainers").forEach(c -> images.add(c.text("image")));
        spec.objects("containers").forEach(c -> images.add(c.text("image")));
        Map<String, String> labels = pod.labels();
        return new Wish(pod, PodInfo.schedulerOf(pod), NodeQuery.of(spec),
                spec.objects("affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution").stream().map(Preference::of).toList(),
                spec.objects("tolerations").stream().map(Toleration::of).toList(),
                spec.objects("topologySpreadConstraints").stream().map(c -> Spread.of(c, labels)).toList(), List.copyOf(images),
                spec.objects("schedulingGates").stream().map(g -> g.text("name")).toList(), !spec.text("preemptionPolicy").equals("Never"));
    }

    /** The condition PodScheduled as the object has it; empty without one. */
    public Obj scheduled() {
        return pod.objects("status", "conditions").stream().filter(c -> c.text("type").equals("PodScheduled")).findFirst().orElse(Obj.of());
    }

    /** Whether another version of the pod asks for the same: then nothing of it helps a pod that found no node. */
    public boolean asksAs(Wish other) {
        return pod.at("spec").equals(other.pod.at("spec")) && pod.labels().equals(other.pod.labels());
    }
}
