package io.manul.network.services;

import io.manul.json.Obj;
import java.util.List;

/** From a Service and its EndpointSlices to what the tables hold for it. Pure. */
final class Planner {

    /** Set by the room that answers the cluster DNS address on every node itself. */
    private static final String DNS_HERE = "manul.io/dns";
    private static final long AFFINITY_SECONDS = 10_800;

    private final String node;
    private final String nodeIp;
    private final Endpoints endpoints;
    private final List<Family> podFamilies;

    /** @param podFamilies those whose pod network is known */
    Planner(String node, String nodeIp, List<Family> podFamilies) {
        this.node = node;
        this.nodeIp = nodeIp;
        this.podFamilies = List.copyOf(podFamilies);
        this.endpoints = new Endpoints(node);
    }

    /** @param zone of this node; empty when unknown */
    Plan of(Obj service, List<Obj> slices, String zone) {
        Plan plan = new Plan();
        if (service.text("spec", "type").equals("ExternalName") || answeredHere(service)) {
            return plan;
        }
        for (Family family : Family.values()) {
            List<String> addresses = family.of(clusterIps(service));
            if (addresses.isEmpty()) {
                continue; // headless, not allocated yet, or of the other family only
            }
            addresses.forEach(a -> plan.own.add(Fact.element(family, "cluster-ips", a, "")));
            for (Obj port : service.objects("spec", "ports")) {
                List<Endpoint> all = endpoints.of(slices, family, port.text("name"), port.string("protocol").orElse("TCP"));
                new PortPlan(plan, family, service, port, Reach.of(all, node, zone), podFamilies.contains(family))
                        .write(addresses, external(service, family), balancers(service, family), nodeIp);
            }
        }
        health(plan, service, slices);
        return plan;
    }

    private static boolean answeredHere(Obj service) {
        return service.name().equals("kube-dns") && service.namespace().equals("kube-system")
                && "node".equals(service.labels().get(DNS_HERE));
    }

    private static List<String> clusterIps(Obj service) {
        List<String> all = service.strings("spec", "clusterIPs");
        List<String> ips = all.isEmpty() ? List.of(service.text("spec", "clusterIP")) : all;
        return ips.contains("None") ? List.of() : ips;
    }

    private static List<String> external(Obj service, Family family) {
        return family.of(service.strings("spec", "externalIPs"));
    }

    /** Not those that want the traffic to go through the balancer even from here (KEP-1860). */
    private static List<String> balancers(Obj service, Family family) {
        return family.of(service.objects("status", "loadBalancer", "ingress").stream()
                .filter(i -> !i.text("ipMode").equals("Proxy")).map(i -> i.text("ip")).toList());
    }

    private void health(Plan plan, Obj service, List<Obj> slices) {
        plan.healthPort = (int) service.number("spec", "healthCheckNodePort").orElse(0);
        if (plan.healthPort != 0) {
            plan.localReady = (int) slices.stream().flatMap(s -> s.objects("endpoints").stream())
                    .filter(e -> e.text("nodeName").equals(node) && !Boolean.FALSE.equals(e.get("conditions", "ready")))
                    .map(e -> e.string("targetRef", "uid").orElse(e.strings("addresses").toString())).distinct().count();
        }
    }

    /** 0 without session affinity. */
    static long affinitySeconds(Obj service) {
        return !service.text("spec", "sessionAffinity").equals("ClientIP") ? 0
                : service.number("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds").orElse(AFFINITY_SECONDS);
    }
}
