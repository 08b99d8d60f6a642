package io.manul.controllers.network;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much of the cluster's processors each zone has (KEP-2433). Pure. */
final class Zones {

    private static final double OVERLOAD = 0.2;

    private Zones() {
    }

    /** Share of each zone; empty when a ready node has no zone or no processors, or there are fewer than two zones. */
    static Map<String, Double> shares(List<Obj> nodes) {
        Map<String, Double> cpus = new TreeMap<>();
        for (Obj node : nodes) {
            boolean ready = node.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"));
            if (!ready || node.labels().containsKey("node-role.kubernetes.io/control-plane") || node.labels().containsKey("node-role.kubernetes.io/master")) {
                continue;
            }
            String zone = node.labels().getOrDefault(EndpointSliceReconciler.ZONE, "");
            String cpu = node.text("status", "allocatable", "cpu");
            if (zone.isEmpty() || cpu.isEmpty()) {
                return Map.of();
            }
            cpus.merge(zone, Quantity.millis(cpu) / 1000.0, Double::sum);
        }
        double all = cpus.values().stream().mapToDouble(Double::doubleValue).sum();
        if (cpus.size() < 2 || all == 0) {
            return Map.of();
        }
        cpus.replaceAll((zone, cpu) -> cpu / all);
        return cpus;
    }

    /** Least and most endpoints of each zone; empty when there are too few to keep any zone from 20 % more load than its share. */
    static Map<String, int[]> bounds(Map<String, Double> shares, int endpoints) {
        Map<String, int[]> bounds = new TreeMap<>();
        int least = 0;
        for (Map.Entry<String, Double> e : shares.entrySet()) {
            int min = (int) Math.ceil(e.getValue() * endpoints / (1 + OVERLOAD));
            bounds.put(e.getKey(), new int[] {min, 0});
            least += min;
        }
        if (least > endpoints || endpoints < shares.size()) {
            return Map.of();
        }
        int free = endpoints - least;
        bounds.values().forEach(b -> b[1] = b[0] + free);
        return bounds;
    }
}
