package io.manul.model.quota;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What one object takes. */
public final class Usage {

    private Usage() {
    }

    /** @param groupResource {@code pods}, {@code deployments.apps} */
    public static Map<String, Amount> of(String groupResource, Obj object, Instant now) {
        Map<String, Amount> all = new TreeMap<>();
        all.put(Names.count(groupResource), Amount.ONE);
        switch (groupResource) {
            case "pods" -> {
                if (PodUsage.alive(object, now)) {
                    PodUsage.add(object, all);
                }
            }
            case "services" -> service(object, all);
            case "persistentvolumeclaims" -> claim(object, all);
            case "configmaps", "secrets", "replicationcontrollers", "resourcequotas" -> all.put(groupResource, Amount.ONE);
            default -> { }
        }
        return all;
    }

    private static void service(Obj service, Map<String, Amount> all) {
        String type = service.text("spec", "type");
        int ports = service.objects("spec", "ports").size();
        boolean balanced = type.equals("LoadBalancer");
        if (balanced && Boolean.FALSE.equals(service.get("spec", "allocateLoadBalancerNodePorts"))) {
            ports = (int) service.objects("spec", "ports").stream().filter(p -> p.number("nodePort").orElse(0) != 0).count();
        }
        all.put("services", Amount.ONE);
        all.put("services.loadbalancers", balanced ? Amount.ONE : Amount.ZERO);
        all.put("services.nodeports", balanced || type.equals("NodePort") ? Amount.of(ports) : Amount.ZERO);
    }

    private static void claim(Obj claim, Map<String, Amount> all) {
        String old = claim.annotations().getOrDefault("volume.beta.kubernetes.io/storage-class", "");
        String storageClass = old.isEmpty() ? claim.text("spec", "storageClassName") : old;
        put(all, storageClass, "persistentvolumeclaims", Amount.ONE);
        if (claim.has("spec", "resources", "requests", "storage")) {
            Amount asked = Amount.of(claim.get("spec", "resources", "requests", "storage"));
            Amount given = Amount.of(claim.get("status", "allocatedResources", "storage"));
            put(all, storageClass, "requests.storage", asked.most(given).whole());
        }
    }

    private static void put(Map<String, Amount> all, String storageClass, String name, Amount amount) {
        all.put(name, amount);
        if (!storageClass.isEmpty()) {
            all.put(storageClass + Names.CLASS + name, amount);
        }
    }
}
