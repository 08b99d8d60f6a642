package io.manul.kubelet.cgroup;

import io.manul.json.Obj;
import io.manul.kubelet.container.Limits;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.model.Requests;
import java.util.List;

/**
 * Shares of cpu of the groups above the pods: all pods together have what the node gives to pods, Burstable ones what they ask
 * for, BestEffort ones the least (Kubernetes, "Pod Quality of Service Classes"). Guaranteed pods lie beside the classes.
 *
 * @param all 0: not known, left as it is
 */
public record ClassShares(long all, long burstable, long bestEffort) {

    /** @param pods of this node @param node empty while it is not known */
    public static ClassShares of(List<Pod> pods, Obj node) {
        long asked = pods.stream().filter(p -> !p.over() && p.qos().equals("Burstable"))
                .mapToLong(p -> Requests.of(p).getOrDefault("cpu", 0L)).sum();
        long given = Requests.amount("cpu", node.get("status", "allocatable", "cpu"));
        return new ClassShares(given > 0 ? Limits.shares(given) : 0, Limits.shares(asked), Limits.shares(0));
    }
}
