package io.manul.network.services;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes one port of a Service, for one family, into a plan. */
final class PortPlan {

    private final Plan plan;
    private final Family family;
    private final Obj service;
    private final Reach reach;
    private final boolean pods;
    private final String protocol;
    private final int port;
    private final int nodePort;
    private final boolean localInside;
    private final boolean localOutside;
    private final Affinity affinity;
    private final String id;

    PortPlan(Plan plan, Family family, Obj service, Obj port, Reach reach, boolean pods) {
        this.plan = plan;
        this.family = family;
        this.service = service;
        this.reach = reach;
        this.pods = pods;
        this.protocol = port.string("protocol").orElse("TCP").toLowerCase(Locale.ROOT);
        this.port = (int) port.number("port").orElse(0);
        this.nodePort = (int) port.number("nodePort").orElse(0);
        this.localInside = service.text("spec", "internalTrafficPolicy").equals("Local");
        this.localOutside = service.text("spec", "externalTrafficPolicy").equals("Local");
        this.id = Names.of(service.namespace() + "/" + service.name() + "/" + port.text("name") + "/" + protocol);
        long seconds = Planner.affinitySeconds(service);
        this.affinity = seconds == 0 ? null : new Affinity(family, id, protocol, seconds);
    }

    void write(List<String> clusterIps, List<String> externalIps, List<String> balancers, String nodeIp) {
        clusterIps.forEach(ip -> plan.own.addAll(inside(ip)));
        boolean ranges = !service.strings("spec", "loadBalancerSourceRanges").isEmpty() && !balancers.isEmpty();
        for (String ip : externalIps) {
            plan.claimed.computeIfAbsent(key(ip), k -> outside(ip));
        }
        for (String ip : balancers) {
            plan.claimed.computeIfAbsent(key(ip), k -> {
                List<Fact> facts = outside(ip);
                if (ranges) {
                    facts.add(Fact.element(family, "firewall", key(ip), "goto fw-" + id));
                }
                return facts;
            });
        }
        if (ranges) {
            plan.own.add(new Fact(family, Fact.Kind.CHAIN, "fw-" + id, "", firewall(balancers, nodeIp)));
        }
        if (nodePort != 0) {
            nodePort();
        }
        if (affinity != null) {
            plan.own.addAll(affinity.chains(reach, pods, localOutside));
        }
        for (Endpoint e : reach.anywhere() ? union() : List.<Endpoint>of()) {
            if (e.local()) {
                plan.hairpins.add(Fact.element(family, "hairpin", e.ip() + " . " + e.ip(), ""));
            }
        }
        if (protocol.equals("udp")) {
            flows(clusterIps, externalIps, balancers);
        }
    }

    private String key(String ip) {
        return ip + " . " + protocol + " . " + port;
    }

    private List<Fact> inside(String ip) {
        List<Endpoint> to = localInside ? reach.local() : reach.cluster();
        List<Fact> facts = new ArrayList<>();
        if (to.isEmpty()) {
            facts.add(Fact.element(family, "no-endpoints", key(ip), refusal()));
            return facts;
        }
        facts.add(Fact.element(family, "services", key(ip), "goto "
                + (affinity == null ? Pool.cluster(protocol, false, to.size()) : affinity.name(localInside))));
        if (affinity == null) {
            list("endpoints-", ip + " . " + port, to, facts);
        }
        return facts;
    }

    private List<Fact> outside(String ip) {
        List<Fact> facts = new ArrayList<>();
        if (!reach.cluster().isEmpty()) {
            facts.add(Fact.element(family, "services", key(ip), "goto " + externalChain(false)));
            if (affinity == null) {
                list("endpoints-", ip + " . " + port, reach.cluster(), facts);
                if (localOutside) {
                    list("local-endpoints-", ip + " . " + port, reach.local(), facts);
                }
            }
        }
        if (noneOutside()) {
            facts.add(Fact.element(family, "no-endpoints", key(ip), refusal()));
        }
        return facts;
    }

    private void nodePort() {
        String key = protocol + " . " + nodePort;
        if (!reach.cluster().isEmpty()) {
            plan.own.add(Fact.element(family, "nodeports", key, "goto " + externalChain(true)));
            if (affinity == null) {
                list("nodeport-endpoints-", "" + nodePort, reach.cluster(), plan.own);
                if (localOutside) {
                    list("local-nodeport-endpoints-", "" + nodePort, reach.local(), plan.own);
                }
            }
        }
        if (noneOutside()) {
            plan.own.add(Fact.element(family, "no-endpoint-nodeports", key, refusal()));
        }
    }

    private String externalChain(boolean node) {
        return affinity != null ? affinity.external()
                : Pool.external(protocol, node, reach.cluster().size(), localOutside ? reach.local().size() : -1);
    }

    private boolean noneOutside() {
        return localOutside ? reach.local().isEmpty() : reach.cluster().isEmpty();
    }

    /** Silence when only other nodes have endpoints: the sender shall try those. */
    private String refusal() {
        return reach.anywhere() ? "drop" : "goto refuse";
    }

    private void list(String map, String key, List<Endpoint> to, List<Fact> facts) {
        for (int i = 0; i < to.size(); i++) {
            facts.add(Fact.element(family, map + protocol, key + " . " + i, to.get(i).target()));
        }
    }

    /** The node itself comes with the balancer's own address when that is local to it. */
    private String firewall(List<String> balancers, String nodeIp) {
        List<String> sources = new ArrayList<>(family.of(service.strings("spec", "loadBalancerSourceRanges").stream().map(String::strip).toList()));
        if (sources.isEmpty()) {
            return "drop";
        }
        if (sources.stream().anyMatch(r -> Networks.contains(r, nodeIp))) {
            balancers.stream().filter(b -> sources.stream().noneMatch(r -> Networks.contains(r, b))).forEach(sources::add);
        }
        return family.ip + " saddr != { " + String.join(", ", Networks.apart(sources)) + " } drop";
    }

    private List<Endpoint> union() {
        List<Endpoint> all = new ArrayList<>(reach.cluster());
        reach.local().stream().filter(e -> !all.contains(e)).forEach(all::add);
        return all;
    }

    private void flows(List<String> clusterIps, List<String> externalIps, List<String> balancers) {
        List<String> targets = union().stream().map(Endpoint::target).toList();
        for (List<String> ips : List.of(clusterIps, externalIps, balancers)) {
            ips.forEach(ip -> plan.flows.add(new Plan.Flow(family, ip, port, targets)));
        }
        if (nodePort != 0) {
            plan.flows.add(new Plan.Flow(family, "", nodePort, targets));
        }
    }
}
