package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The slices that a Service should have: pods with the same port numbers share slices of at most 100 endpoints. Pure. */
final class Slices {

    static final int MOST_ENDPOINTS = 100;
    static final String SERVICE = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";

    /** @param ports of the slice @param endpoints at most 100 */
    record Slice(List<Obj> ports, List<Obj> endpoints) {
    }

    private Slices() {
    }

    static List<Slice> of(Obj service, List<Obj> pods) {
        Map<List<Obj>, List<Obj>> byPorts = new LinkedHashMap<>();
        List<Obj> ordered = new ArrayList<>(pods);
        ordered.sort(Comparator.comparing(Obj::name));
        for (Obj pod : ordered) {
            PodEndpoint.of(pod, service).ifPresent(e -> byPorts.computeIfAbsent(ports(service, pod), p -> new ArrayList<>()).add(e));
        }
        List<Slice> slices = new ArrayList<>();
        byPorts.forEach((ports, endpoints) -> {
            for (int i = 0; i < endpoints.size(); i += MOST_ENDPOINTS) {
                slices.add(new Slice(ports, endpoints.subList(i, Math.min(endpoints.size(), i + MOST_ENDPOINTS))));
            }
        });
        if (slices.isEmpty()) {
            slices.add(new Slice(List.of(), List.of())); // upstream keeps one empty slice as a placeholder
        }
        return slices;
    }

    private static List<Obj> ports(Obj service, Obj pod) {
        List<Obj> ports = new ArrayList<>();
        for (Obj p : service.objects("spec", "ports")) {
            Optional<Long> number = PodEndpoint.port(pod, p);
            number.ifPresent(n -> ports.add(Obj.of("name", p.text("name"), "port", n, "protocol", p.string("protocol").orElse("TCP"),
                    "appProtocol", p.string("appProtocol").orElse(null))));
        }
        return ports;
    }

    static Obj object(Obj service, Slice slice) {
        Obj labels = Obj.of();
        service.labels().forEach(labels::put);
        labels.put(SERVICE, service.name()).put(MANAGED_BY, MANAGER);
        if (service.text("spec", "clusterIP").equals("None")) {
            labels.put("service.kubernetes.io/headless", "");
        }
        return Obj.of("apiVersion", "discovery.k8s.io/v1", "kind", "EndpointSlice",
                "metadata", Obj.of("generateName", service.name() + "-", "namespace", service.namespace(), "labels", labels,
                        "ownerReferences", List.of(Obj.of("apiVersion", "v1", "kind", "Service", "name", service.name(), "uid", service.uid(),
                                "controller", true, "blockOwnerDeletion", true))),
                "addressType", "IPv4", "endpoints", slice.endpoints(), "ports", slice.ports());
    }

    /** The old form, for those who still read it (core/v1 Endpoints); at most 1000 addresses. */
    static List<Obj> subsets(List<Slice> slices) {
        List<Obj> subsets = new ArrayList<>();
        for (Slice s : slices) {
            List<Obj> ready = addresses(s, true);
            List<Obj> notReady = addresses(s, false);
            if (!ready.isEmpty() || !notReady.isEmpty()) {
                List<Obj> ports = s.ports().stream().map(p -> Obj.of("name", p.text("name").isEmpty() ? null : p.text("name"),
                        "port", p.get("port"), "protocol", p.get("protocol"))).toList();
                subsets.add(Obj.of("addresses", ready.isEmpty() ? null : ready, "notReadyAddresses", notReady.isEmpty() ? null : notReady,
                        "ports", ports.isEmpty() ? null : ports));
            }
        }
        return subsets;
    }

    private static List<Obj> addresses(Slice s, boolean ready) {
        return s.endpoints().stream().filter(e -> e.flag("conditions", "ready") == ready && (ready || !e.flag("conditions", "terminating")))
                .limit(1000).map(e -> Obj.of("ip", e.strings("addresses").getFirst(), "nodeName", e.text("nodeName"),
                        "hostname", e.string("hostname").orElse(null), "targetRef", e.at("targetRef").copy())).toList();
    }
}
