package io.manul.scheduler;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import io.manul.scheduler.api.HostPort;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a pod asks for (Kubernetes, "Resource Management for Pods and Containers"; KEP-753 for sidecars). */
final class Wishes {

    private Wishes() {
    }

    static PodWish of(Obj pod) {
        List<HostPort> ports = new ArrayList<>();
        for (Obj container : pod.objects("spec", "containers")) {
            for (Obj port : container.objects("ports")) {
                port.number("hostPort").ifPresent(n -> {
                    if (n > 0) {
                        String protocol = port.string("protocol").orElse("TCP");
                        ports.add(new HostPort(port.text("hostIP"), protocol, (int) n));
                    }
                });
            }
        }
        return new PodWish(pod, requests(pod), ports);
    }

    /** The larger of: all containers and sidecars together; any one init container with the sidecars before it. Plus overhead. */
    private static Resources requests(Obj pod) {
        Resources sidecars = Resources.NONE;
        Resources most = Resources.NONE;
        for (Obj init : pod.objects("spec", "initContainers")) {
            Resources wants = amounts(init.at("resources", "requests"));
            if (init.text("restartPolicy").equals("Always")) {
                sidecars = sidecars.plus(wants);
                most = max(most, sidecars);
            } else {
                most = max(most, sidecars.plus(wants));
            }
        }
        Resources sum = sidecars;
        for (Obj container : pod.objects("spec", "containers")) {
            sum = sum.plus(amounts(container.at("resources", "requests")));
        }
        Resources all = max(sum, most).plus(amounts(pod.at("spec", "overhead")));
        return all.plus(new Resources(0, 0, 0, 1, Map.of()));
    }

    static Resources amounts(Obj list) {
        Map<String, Long> extended = new HashMap<>();
        list.map().forEach((name, value) -> {
            switch (name) {
                case "cpu", "memory", "ephemeral-storage", "pods" -> { }
                default -> extended.put(name, Quantity.units(value));
            }
        });
        return new Resources(Quantity.millis(list.get("cpu")), Quantity.units(list.get("memory")),
                Quantity.units(list.get("ephemeral-storage")), Quantity.units(list.get("pods")), extended);
    }

    private static Resources max(Resources a, Resources b) {
        Map<String, Long> extended = new HashMap<>(a.extended());
        b.extended().forEach((k, v) -> extended.merge(k, v, Math::max));
        return new Resources(Math.max(a.milliCpu(), b.milliCpu()), Math.max(a.memoryBytes(), b.memoryBytes()),
                Math.max(a.ephemeralBytes(), b.ephemeralBytes()), 0, extended);
    }
}
