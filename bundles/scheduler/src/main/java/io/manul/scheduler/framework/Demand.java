package io.manul.scheduler.framework;

import io.manul.json.Obj;
import io.manul.scheduler.api.HostPort;
import io.manul.scheduler.api.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pod takes of a node (Kubernetes, "Resource Management for Pods and Containers"; KEP-753 for sidecars, KEP-2837 for
 * resources of the pod as a whole, KEP-1287 for containers that are resized).
 *
 * @param requests      in all, overhead included, one pod
 * @param scoredCpu     millicores, where a container that asks for none counts as 100
 * @param scoredMemory  bytes, where a container that asks for none counts as 200 MiB
 */
public record Demand(Resources requests, long scoredCpu, long scoredMemory, List<HostPort> ports) {

    private static final long CPU_UNASKED = 100;
    private static final long MEMORY_UNASKED = 200L << 20;

    static Demand of(Obj pod) {
        Resources requests = total(pod, false);
        Resources scored = total(pod, true);
        return new Demand(requests.plus(new Resources(0, 0, 0, 1, Map.of())), scored.milliCpu(), scored.memoryBytes(), ports(pod));
    }

    private static List<HostPort> ports(Obj pod) {
        List<HostPort> ports = new ArrayList<>();
        for (Obj container : pod.objects("spec", "containers")) {
            add(container, ports);
        }
        for (Obj container : pod.objects("spec", "initContainers")) {
            if (container.text("restartPolicy").equals("Always")) {
                add(container, ports);
            }
        }
        return List.copyOf(ports);
    }

    private static void add(Obj container, List<HostPort> ports) {
        for (Obj port : container.objects("ports")) {
            long number = port.number("hostPort").orElse(0);
            if (number > 0) {
                ports.add(new HostPort(port.text("hostIP"), port.string("protocol").orElse("TCP"), (int) number));
            }
        }
    }

    /** The larger of: all containers and sidecars together; any one init container with the sidecars before it. Plus overhead. */
    private static Resources total(Obj pod, boolean scored) {
        Resources sidecars = Resources.NONE;
        Resources most = Resources.NONE;
        for (Obj init : pod.objects("spec", "initContainers")) {
            Resources wants = of(pod, init, "initContainerStatuses", scored);
            if (init.text("restartPolicy").equals("Always")) {
                sidecars = sidecars.plus(wants);
                most = max(most, sidecars);
            } else {
                most = max(most, sidecars.plus(wants));
            }
        }
        Resources sum = sidecars;
        for (Obj container : pod.objects("spec", "containers")) {
            sum = sum.plus(of(pod, container, "containerStatuses", scored));
        }
        return ofThePod(max(sum, most), pod.at("spec", "resources", "requests")).plus(NodeFacts.amounts(pod.at("spec", "overhead")));
    }

    private static Resources of(Obj pod, Obj container, String statuses, boolean scored) {
        Obj asked = container.at("resources", "requests");
        Resources wants = NodeFacts.amounts(asked);
        for (Obj status : pod.objects("status", statuses)) {
            if (status.text("name").equals(container.text("name"))) {
                wants = max(max(wants, NodeFacts.amounts(status.at("resources", "requests"))), NodeFacts.amounts(status.at("allocatedResources")));
            }
        }
        return !scored ? wants : new Resources(asked.has("cpu") ? wants.milliCpu() : CPU_UNASKED,
                asked.has("memory") ? wants.memoryBytes() : MEMORY_UNASKED, wants.ephemeralBytes(), 0, wants.extended());
    }

    /** Requests of the pod as a whole stand in place of its containers', for the resources that they name. */
    private static Resources ofThePod(Resources sum, Obj asked) {
        if (asked.isEmpty()) {
            return sum;
        }
        Resources whole = NodeFacts.amounts(asked);
        Map<String, Long> extended = new HashMap<>(sum.extended());
        whole.extended().forEach((name, amount) -> {
            if (name.startsWith("hugepages-")) {
                extended.put(name, amount);
            }
        });
        return new Resources(asked.has("cpu") ? whole.milliCpu() : sum.milliCpu(), asked.has("memory") ? whole.memoryBytes() : sum.memoryBytes(),
                sum.ephemeralBytes(), 0, extended);
    }

    private static Resources max(Resources a, Resources b) {
        Map<String, Long> extended = a.extended();
        if (!b.extended().isEmpty()) {
            extended = new HashMap<>(extended);
            for (Map.Entry<String, Long> e : b.extended().entrySet()) {
                extended.merge(e.getKey(), e.getValue(), Math::max);
            }
        }
        return new Resources(Math.max(a.milliCpu(), b.milliCpu()), Math.max(a.memoryBytes(), b.memoryBytes()),
                Math.max(a.ephemeralBytes(), b.ephemeralBytes()), 0, extended);
    }
}
