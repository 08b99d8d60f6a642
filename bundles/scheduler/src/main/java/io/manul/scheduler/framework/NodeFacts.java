package io.manul.scheduler.framework;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import io.manul.scheduler.api.Resources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What of a node's object decides about pods. @param images size in bytes by name */
public record NodeFacts(String name, Map<String, String> labels, List<Taint> taints, boolean unschedulable, Resources allocatable,
        Map<String, Long> images) {

    /** @param effect NoSchedule, PreferNoSchedule or NoExecute */
    public record Taint(String key, String value, String effect) {

        /** Forbids, rather than discourages. */
        public boolean hard() {
            return !effect.equals("PreferNoSchedule");
        }
    }

    public static final String ZONE = "topology.kubernetes.io/zone";
    public static final String REGION = "topology.kubernetes.io/region";
    public static final String HOSTNAME = "kubernetes.io/hostname";

    public static NodeFacts of(Obj node) {
        List<Taint> taints = node.objects("spec", "taints").stream()
                .map(t -> new Taint(t.text("key"), t.text("value"), t.text("effect"))).toList();
        Map<String, Long> images = new HashMap<>();
        node.objects("status", "images").forEach(i -> i.strings("names").forEach(n -> images.put(n, i.number("sizeBytes").orElse(0))));
        return new NodeFacts(node.name(), Map.copyOf(node.labels()), taints, node.flag("spec", "unschedulable"),
                amounts(node.at("status", "allocatable")), Map.copyOf(images));
    }

    /** A ResourceList. */
    public static Resources amounts(Obj list) {
        Map<String, Long> extended = Map.of();
        for (Map.Entry<String, Object> e : list.map().entrySet()) {
            switch (e.getKey()) {
                case "cpu", "memory", "ephemeral-storage", "pods" -> { }
                default -> {
                    extended = extended.isEmpty() ? new HashMap<>() : extended;
                    extended.put(e.getKey(), Quantity.units(e.getValue()));
                }
            }
        }
        return new Resources(Quantity.millis(list.get("cpu")), Quantity.units(list.get("memory")),
                Quantity.units(list.get("ephemeral-storage")), Quantity.units(list.get("pods")), extended);
    }

    /** The node's place for spreading nodes over zones. */
    String zone() {
        return labels.getOrDefault(REGION, "") + "/" + labels.getOrDefault(ZONE, "");
    }

    /** The first taint that forbids a pod with these tolerations; null without one. */
    public Taint forbidding(List<Toleration> tolerations) {
        for (int i = 0; i < taints.size(); i++) {
            Taint t = taints.get(i);
            if (t.hard() && !Toleration.any(tolerations, t)) {
                return t;
            }
        }
        return null;
    }
}
