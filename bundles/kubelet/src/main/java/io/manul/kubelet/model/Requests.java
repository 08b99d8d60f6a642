package io.manul.kubelet.model;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.TreeMap;

/** What a pod asks of its node (Kubernetes, "Init Containers", "Resource sharing within containers"). Pure. */
public final class Requests {

    private Requests() {
    }

    /** Amounts by resource: cpu in millicores, others in units; a pod asks for one of {@code pods}. */
    public static TreeMap<String, Long> of(Pod pod) {
        TreeMap<String, Long> sidecars = new TreeMap<>();
        TreeMap<String, Long> most = new TreeMap<>();
        for (Obj c : pod.initContainers()) {
            if (Pod.sidecar(c)) {
                add(sidecars, c);
                raise(most, sidecars);
            } else {
                TreeMap<String, Long> one = new TreeMap<>(sidecars);
                add(one, c);
                raise(most, one);
            }
        }
        TreeMap<String, Long> together = new TreeMap<>(sidecars);
        pod.containers().forEach(c -> add(together, c));
        raise(together, most);
        pod.spec().at("overhead").map().forEach((name, amount) -> together.merge(name, amount(name, amount), Long::sum));
        together.put("pods", 1L);
        return together;
    }

    private static void add(TreeMap<String, Long> to, Obj container) {
        Obj requests = container.at("resources", "requests");
        requests.map().forEach((name, amount) -> to.merge(name, amount(name, amount), Long::sum));
        container.at("resources", "limits").map().forEach((name, amount) -> {
            if (!requests.has(name)) {
                to.merge(name, amount(name, amount), Long::sum); // a limit alone is a request, too
            }
        });
    }

    private static void raise(TreeMap<String, Long> to, TreeMap<String, Long> at) {
        at.forEach((name, amount) -> to.merge(name, amount, Math::max));
    }

    public static long amount(String resource, Object quantity) {
        return resource.equals("cpu") ? Quantity.millis(quantity) : Quantity.units(quantity);
    }
}
