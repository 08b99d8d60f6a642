package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The endpoints that a Service should have, by the port numbers that their pods give to its ports; and its slices. Pure. */
final class Slices {

    static final int MOST_ENDPOINTS = 100;
    static final String SERVICE = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";

    private Slices() {
    }

    /** @param family addresses of this one; @param zone of a node, by its name; empty when unknown */
    static Map<List<Obj>, List<Obj>> endpoints(Obj service, List<Obj> pods, String family, Function<String, String> zone) {
        Map<List<Obj>, List<Obj>> byPorts = new LinkedHashMap<>();
        List<Obj> ordered = new ArrayList<>(pods);
        ordered.sort(Comparator.comparing(Obj::name));
        for (Obj pod : ordered) {
            PodEndpoint.of(pod, service, family, zone.apply(pod.text("spec", "nodeName")))
                    .ifPresent(e -> byPorts.computeIfAbsent(ports(service, pod), p -> new ArrayList<>()).add(e));
        }
        return byPorts;
    }

    /** Those that its slices are made for; the first one is that of its Endpoints. */
    static List<String> families(Obj service) {
        List<String> families = service.strings("spec", "ipFamilies");
        return !families.isEmpty() ? families : List.of(service.text("spec", "clusterIP").contains(":") ? "IPv6" : "IPv4");
    }

    private static List<Obj> ports(Obj service, Obj pod) {
        List<Obj> ports = new ArrayList<>();
        for (Obj p : service.objects("spec", "ports")) {
            PodEndpoint.port(pod, p).ifPresent(n -> ports.add(Obj.of("name", p.text("name"), "port", n,
                    "protocol", p.string("protocol").orElse("TCP"), "appProtocol", p.string("appProtocol").orElse(null))));
        }
        return ports;
    }

    static Obj owner(Obj service) {
        return Obj.of("apiVersion", "v1", "kind", "Service", "name", service.name(), "uid", service.uid(), "controller", true,
                "blockOwnerDeletion", true);
    }

    static Obj labels(Obj service) {
        Obj labels = Obj.of();
        service.labels().forEach(labels::put);
        labels.put(SERVICE, service.name()).put(MANAGED_BY, MANAGER);
        return service.text("spec", "clusterIP").equals("None") ? labels.put("service.kubernetes.io/headless", "") : labels;
    }
}
