package io.manul.controllers.network;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which nodes should prefer an endpoint: by {@code trafficDistribution} its own zone or node (KEP-4444, KEP-3015), by the
 * annotation {@code topology-mode: Auto} in proportion to the zones' processors (KEP-2433). The annotation wins.
 */
final class Hints {

    private static final String MODE = "service.kubernetes.io/topology-mode";
    private static final String OLD_MODE = "service.kubernetes.io/topology-aware-hints";

    private final Obj service;
    private final String distribution;
    private final Map<String, Double> zones;
    private final Events events;

    private Hints(Obj service, String distribution, Map<String, Double> zones, Events events) {
        this.service = service;
        this.distribution = distribution;
        this.zones = zones;
        this.events = events;
    }

    static Hints of(Obj service, Cluster cluster, Events events) throws ClusterException, InterruptedException {
        String mode = service.annotations().getOrDefault(MODE, service.annotations().getOrDefault(OLD_MODE, ""));
        if (!mode.equals("Auto") && !mode.equals("auto")) {
            return new Hints(service, service.text("spec", "trafficDistribution"), null, events);
        }
        // rare: the nodes are asked for when a Service wants it, and kept by nobody
        return new Hints(service, "", Zones.shares(cluster.list(Resources.NODES, Selection.ALL).items()), events);
    }

    void add(Map<List<Obj>, List<Obj>> byPorts) {
        if (zones != null) {
            byPorts.values().forEach(this::proportional);
        } else if (!distribution.isEmpty()) {
            byPorts.values().forEach(all -> all.forEach(this::own));
        }
    }

    private void own(Obj endpoint) {
        if (!endpoint.flag("conditions", "ready")) {
            return;
        }
        String zone = endpoint.text("zone");
        String node = endpoint.text("nodeName");
        if (!zone.isEmpty()) {
            endpoint.set(List.of(Obj.of("name", zone)), "hints", "forZones");
        }
        if (distribution.equals("PreferSameNode") && !node.isEmpty()) {
            endpoint.set(List.of(Obj.of("name", node)), "hints", "forNodes");
        }
    }

    private void proportional(List<Obj> endpoints) {
        List<Obj> ready = endpoints.stream().filter(e -> e.flag("conditions", "ready")).toList();
        if (zones.isEmpty()) {
            refuse("Insufficient Node information: allocatable CPU or zone not specified on one or more nodes");
            return;
        }
        if (ready.stream().anyMatch(e -> e.text("zone").isEmpty())) {
            refuse("Nodes with endpoints have no zone specified");
            return;
        }
        Map<String, int[]> bounds = Zones.bounds(zones, ready.size());
        if (bounds.isEmpty()) {
            refuse("Insufficient number of endpoints (" + ready.size() + "), impossible to safely allocate proportionally");
            return;
        }
        share(ready, bounds);
    }

    /** Own zones first; what a zone has above its most goes to those below their least. */
    private static void share(List<Obj> ready, Map<String, int[]> bounds) {
        Map<String, Integer> given = new TreeMap<>();
        List<Obj> spare = new ArrayList<>();
        for (Obj e : ready) {
            String zone = e.text("zone");
            int[] bound = bounds.getOrDefault(zone, new int[] {0, 0});
            if (given.getOrDefault(zone, 0) < bound[1]) {
                give(e, zone, given);
            } else {
                spare.add(e);
            }
        }
        bounds.forEach((zone, bound) -> {
            while (given.getOrDefault(zone, 0) < bound[0] && !spare.isEmpty()) {
                give(spare.removeLast(), zone, given);
            }
        });
        spare.forEach(e -> give(e, bounds.containsKey(e.text("zone")) ? e.text("zone") : bounds.keySet().iterator().next(), given));
    }

    private static void give(Obj endpoint, String zone, Map<String, Integer> given) {
        given.merge(zone, 1, Integer::sum);
        endpoint.set(List.of(Obj.of("name", zone)), "hints", "forZones");
    }

    private void refuse(String why) {
        events.warning(service, "TopologyAwareHintsDisabled", why);
    }
}
