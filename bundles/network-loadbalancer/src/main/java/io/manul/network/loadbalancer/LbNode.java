package io.manul.network.loadbalancer;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of a Node decides whether it serves load balancers, and with which addresses.
 *
 * @param enabled label enablelb; empty when it has none
 * @param pool    label lbpool; empty when it has none
 * @param usable  Ready, and no taint keeps k3s's load balancer away (K3S.md 1.12: it tolerates control-plane, master, CriticalAddonsOnly)
 */
record LbNode(String name, boolean usable, String enabled, String pool, List<String> external, List<String> internal) {

    static final String ENABLE = "svccontroller.k3s.cattle.io/enablelb";
    static final String POOL = "svccontroller.k3s.cattle.io/lbpool";
    /** Those, and what every DaemonSet tolerates. */
    private static final Set<String> TOLERATED = Set.of("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master",
            "CriticalAddonsOnly", "node.kubernetes.io/unschedulable", "node.kubernetes.io/disk-pressure", "node.kubernetes.io/memory-pressure",
            "node.kubernetes.io/pid-pressure", "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

    static LbNode of(Obj node) {
        boolean ready = node.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"));
        boolean welcome = node.objects("spec", "taints").stream()
                .allMatch(t -> t.text("effect").equals("PreferNoSchedule") || TOLERATED.contains(t.text("key")));
        return new LbNode(node.name(), ready && welcome && !node.deleting(), node.labels().getOrDefault(ENABLE, ""),
                node.labels().getOrDefault(POOL, ""), addresses(node, "ExternalIP"), addresses(node, "InternalIP"));
    }

    private static List<String> addresses(Obj node, String type) {
        return new ArrayList<>(node.objects("status", "addresses").stream().filter(a -> a.text("type").equals(type)).map(a -> a.text("address")).toList());
    }
}
