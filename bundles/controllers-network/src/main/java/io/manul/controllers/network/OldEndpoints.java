package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The old form of a Service's endpoints, for those who still read it (core/v1 Endpoints, deprecated): at most 1,000
 * addresses, ready ones first; more are left out and the object says so. Pure.
 *
 * <p>Deviation: owned by the Service, so that garbage collection removes it; upstream's controller deletes it.
 */
final class OldEndpoints {

    static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
    private static final int MOST_ADDRESSES = 1000;

    private OldEndpoints() {
    }

    static Obj of(Obj service, Map<List<Obj>, List<Obj>> endpoints) {
        Obj labels = Obj.of();
        service.labels().forEach(labels::put);
        labels.put("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        if (service.text("spec", "clusterIP").equals("None")) {
            labels.put("service.kubernetes.io/headless", "");
        }
        Obj object = Obj.of("apiVersion", "v1", "kind", "Endpoints", "metadata", Obj.of("name", service.name(),
                "namespace", service.namespace(), "labels", labels, "ownerReferences", List.of(Slices.owner(service))));
        long all = endpoints.values().stream().mapToLong(List::size).sum();
        if (all > MOST_ADDRESSES) {
            object.set("truncated", "metadata", "annotations", OVER_CAPACITY);
        }
        return object.put("subsets", subsets(endpoints));
    }

    private static List<Obj> subsets(Map<List<Obj>, List<Obj>> endpoints) {
        int[] room = {MOST_ADDRESSES};
        List<List<Obj>> ready = endpoints.values().stream().map(e -> addresses(e, true, room)).toList();
        List<List<Obj>> notReady = endpoints.values().stream().map(e -> addresses(e, false, room)).toList();
        List<Obj> subsets = new ArrayList<>();
        int i = 0;
        for (List<Obj> ports : endpoints.keySet()) {
            if (!ready.get(i).isEmpty() || !notReady.get(i).isEmpty()) {
                List<Obj> old = ports.stream().map(p -> Obj.of("name", p.text("name").isEmpty() ? null : p.text("name"), "port", p.get("port"),
                        "protocol", p.get("protocol"), "appProtocol", p.get("appProtocol"))).toList();
                subsets.add(Obj.of("addresses", orNull(ready.get(i)), "notReadyAddresses", orNull(notReady.get(i)), "ports", orNull(old)));
            }
            i++;
        }
        return subsets;
    }

    private static List<Obj> orNull(List<Obj> list) {
        return list.isEmpty() ? null : list;
    }

    /** Terminating pods are in neither list. */
    private static List<Obj> addresses(List<Obj> endpoints, boolean ready, int[] room) {
        List<Obj> addresses = endpoints.stream()
                .filter(e -> e.flag("conditions", "ready") == ready && (ready || !e.flag("conditions", "terminating"))).limit(room[0])
                .map(e -> Obj.of("ip", e.strings("addresses").getFirst(), "hostname", e.string("hostname").orElse(null),
                        "nodeName", e.string("nodeName").orElse(null), "targetRef", e.at("targetRef").copy())).toList();
        room[0] -= addresses.size();
        return addresses;
    }
}
