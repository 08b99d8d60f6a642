package io.manul.network.loadbalancer;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which nodes answer for which Service (k3s's rules, K3S.md 1.12): all usable ones; once a node has the label {@code enablelb},
 * only those where it is true, of the Service's {@code lbpool} when it names one. A port of a node is one Service's: the oldest's.
 * Pure.
 */
final class LbPlan {

    /** @param taken what keeps the Service from nodes that it would have, for its event; empty when nothing does */
    record Place(Set<String> nodes, String taken) {
    }

    private final Collection<LbNode> nodes;
    private final Map<String, String> ours;
    /** By node and port: who has it. */
    private final Map<String, Key> owners = new HashMap<>();

    /** @param ours ports ({@code TCP/6443}) that every node needs for itself, with what for */
    LbPlan(Collection<LbNode> nodes, Map<String, String> ours) {
        this.nodes = nodes;
        this.ours = ours;
    }

    Map<Key, Place> places(Collection<Obj> services) {
        Map<Key, Place> places = new LinkedHashMap<>();
        services.stream().filter(LbPlan::wanted).sorted(Comparator.comparing(LbPlan::age)).forEach(s -> places.put(Key.of(s), place(s)));
        return places;
    }

    /** Not those of another load balancer's class. */
    static boolean wanted(Obj service) {
        return service.text("spec", "type").equals("LoadBalancer") && !service.has("spec", "loadBalancerClass") && !service.deleting();
    }

    private static String age(Obj service) {
        return service.text("metadata", "creationTimestamp") + " " + Key.of(service);
    }

    private Place place(Obj service) {
        List<String> ports = service.objects("spec", "ports").stream()
                .map(p -> p.string("protocol").orElse("TCP") + "/" + p.number("port").orElse(0)).toList();
        for (String port : ports) {
            if (ours.containsKey(port)) {
                return new Place(Set.of(), "port " + port + " of every node is " + ours.get(port) + "'s; use another port");
            }
        }
        Set<String> mine = new TreeSet<>();
        List<String> taken = new ArrayList<>();
        for (LbNode node : nodes) {
            if (chosen(node, service)) {
                List<String> others = ports.stream().filter(p -> owners.containsKey(node.name() + " " + p))
                        .map(p -> p + " of node " + node.name() + " is Service " + owners.get(node.name() + " " + p) + "'s").toList();
                if (others.isEmpty()) {
                    mine.add(node.name());
                    ports.forEach(p -> owners.put(node.name() + " " + p, Key.of(service)));
                } else {
                    taken.addAll(others);
                }
            }
        }
        return new Place(mine, taken.isEmpty() ? "" : "port " + String.join(", ", taken.subList(0, Math.min(3, taken.size())))
                + (taken.size() > 3 ? " and " + (taken.size() - 3) + " more" : ""));
    }

    private boolean chosen(LbNode node, Obj service) {
        if (!node.usable() || nodes.stream().allMatch(n -> n.enabled().isEmpty())) {
            return node.usable();
        }
        String pool = service.labels().getOrDefault(LbNode.POOL, "");
        return node.enabled().equals("true") && (pool.isEmpty() || node.pool().equals(pool));
    }

    /** External addresses when any of the nodes has one, else internal ones; families in the Service's order. */
    static List<String> addresses(Obj service, Collection<LbNode> nodes) {
        Set<String> all = new TreeSet<>();
        nodes.forEach(n -> all.addAll(n.external()));
        if (all.isEmpty()) {
            nodes.forEach(n -> all.addAll(n.internal()));
        }
        List<String> families = service.strings("spec", "ipFamilies");
        List<String> ordered = new ArrayList<>();
        for (String family : families.isEmpty() ? List.of("IPv4") : families) {
            all.stream().filter(ip -> ip.contains(":") == family.equals("IPv6")).forEach(ordered::add);
        }
        return ordered;
    }
}
