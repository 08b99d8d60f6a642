package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Slices from Endpoints that somebody else wrote (KEP-752, EndpointSliceMirroring). Pure. */
final class Mirror {

    static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
    static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int MOST_A_SUBSET = 1000;

    private Mirror() {
    }

    /** Only for a Service without a selector, unless the Endpoints say not to, or are a lock of old. */
    static boolean wanted(Obj endpoints, Obj service) {
        return !"true".equals(endpoints.labels().get(SKIP)) && !endpoints.annotations().containsKey(LEADER)
                && !service.deleting() && !endpoints.deleting() && !service.has("spec", "selector");
    }

    static SliceOwner owner(Obj endpoints, String type) {
        Obj labels = Obj.of();
        endpoints.labels().forEach(labels::put);
        labels.put(Slices.SERVICE, endpoints.name()).put(Slices.MANAGED_BY, MANAGER);
        Obj annotations = Obj.of();
        endpoints.annotations().forEach((k, v) -> {
            if (!k.equals(APPLIED)) {
                annotations.put(k, v);
            }
        });
        Obj reference = Obj.of("apiVersion", "v1", "kind", "Endpoints", "name", endpoints.name(), "uid", endpoints.uid(), "controller", true,
                "blockOwnerDeletion", true);
        return new SliceOwner(endpoints, reference, labels, annotations, type, false, Map.of());
    }

    static Map<List<Obj>, List<Obj>> endpoints(Obj endpoints, String type) {
        Map<List<Obj>, List<Obj>> byPorts = new LinkedHashMap<>();
        for (Obj subset : endpoints.objects("subsets")) {
            List<Obj> all = new ArrayList<>();
            subset.objects("addresses").forEach(a -> add(a, true, type, all));
            subset.objects("notReadyAddresses").forEach(a -> add(a, false, type, all));
            if (!all.isEmpty()) {
                byPorts.computeIfAbsent(ports(subset), p -> new ArrayList<>()).addAll(all);
            }
        }
        return byPorts;
    }

    private static List<Obj> ports(Obj subset) {
        return subset.objects("ports").stream().map(p -> Obj.of("name", p.text("name"), "port", p.get("port"),
                "protocol", p.string("protocol").orElse("TCP"), "appProtocol", p.string("appProtocol").orElse(null))).toList();
    }

    private static void add(Obj address, boolean ready, String type, List<Obj> all) {
        if (all.size() < MOST_A_SUBSET && address.text("ip").contains(":") == type.equals("IPv6")) {
            all.add(Obj.of("addresses", List.of(address.text("ip")), "conditions", Obj.of("ready", ready),
                    "hostname", address.string("hostname").orElse(null), "nodeName", address.string("nodeName").orElse(null),
                    "targetRef", address.object("targetRef").map(Obj::copy).orElse(null)));
        }
    }
}
