package io.manul.kubelet.cgroup;

import io.manul.json.Obj;
import io.manul.kubelet.container.Limits;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.model.Requests;
import io.manul.model.Quantity;

/** Limits of a whole pod; 0: none. @param memory bytes @param shares of cpu @param quota microseconds of each 100 ms */
public record PodLimits(long memory, long shares, long quota) {

    /**
     * The sum of the containers' limits, where all of them have one, and shares by what the pod asks for (Kubernetes, "Resource
     * Management", pod level).
     */
    public static PodLimits of(Pod pod) {
        long memory = limit(pod, "memory", false);
        long cpu = limit(pod, "cpu", true);
        return new PodLimits(memory, Limits.shares(Requests.of(pod).getOrDefault("cpu", 0L)), Limits.quota(cpu));
    }

    private static long limit(Pod pod, String resource, boolean millis) {
        long sum = 0;
        long most = 0;
        for (Obj c : pod.allContainers()) {
            Object value = c.get("resources", "limits", resource);
            long amount = millis ? Quantity.millis(value) : Quantity.units(value);
            if (amount <= 0) {
                return 0;
            }
            if (pod.isInit(c.text("name")) && !Pod.sidecar(c)) {
                most = Math.max(most, amount);
            } else {
                sum += amount;
            }
        }
        return Math.max(sum, most);
    }
}
