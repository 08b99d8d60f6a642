package io.manul.apiserver.kinds.service;

import io.manul.json.Obj;
import java.util.List;
import java.util.Objects;

/**
 * What an update that leaves a field out keeps, and what a change of type gives up (Kubernetes 1.36,
 * pkg/registry/core/service: patchAllocatedValues, NormalizeClusterIPs, dropTypeDependentFields).
 */
final class Kept {

    private Kept() {
    }

    static boolean needsClusterIp(Obj service) {
        return !service.text("spec", "type").equals("ExternalName");
    }

    static boolean needsNodePorts(Obj service) {
        String type = service.text("spec", "type");
        return type.equals("NodePort") || type.equals("LoadBalancer") && !Boolean.FALSE.equals(service.get("spec", "allocateLoadBalancerNodePorts"));
    }

    static boolean needsHealthPort(Obj service) {
        return service.text("spec", "type").equals("LoadBalancer") && service.text("spec", "externalTrafficPolicy").equals("Local");
    }

    static boolean external(Obj service) {
        String type = service.text("spec", "type");
        return type.equals("NodePort") || type.equals("LoadBalancer") || type.equals("ClusterIP") && !service.strings("spec", "externalIPs").isEmpty();
    }

    /** {@code clusterIP} and {@code clusterIPs} say the same when a client knows only one of them. */
    static void normalize(Obj service, Obj old) {
        Obj spec = service.at("spec");
        String ip = spec.text("clusterIP");
        if (old == null) {
            if (!ip.isEmpty() && spec.strings("clusterIPs").isEmpty()) {
                spec.put("clusterIPs", List.of(ip));
            }
            return;
        }
        String had = old.text("spec", "clusterIP");
        boolean samePlural = spec.strings("clusterIPs").equals(old.strings("spec", "clusterIPs"));
        if (!ip.equals(had) && (samePlural || spec.strings("clusterIPs").isEmpty())) {
            if (ip.isEmpty()) {
                spec.remove("clusterIPs");
            } else {
                spec.put("clusterIPs", List.of(ip));
            }
        } else if (ip.equals(had) && !samePlural && spec.strings("clusterIPs").isEmpty()) {
            spec.remove("clusterIP");
        }
    }

    static void fill(Obj service, Obj old) {
        Obj spec = service.at("spec");
        if (needsClusterIp(old) && needsClusterIp(service)) {
            if (spec.text("clusterIP").isEmpty() && spec.strings("clusterIPs").isEmpty()) {
                spec.put("clusterIP", old.text("spec", "clusterIP"));
            }
            if (spec.strings("clusterIPs").isEmpty() && spec.text("clusterIP").equals(old.text("spec", "clusterIP"))) {
                spec.put("clusterIPs", old.strings("spec", "clusterIPs"));
            }
        }
        if (needsNodePorts(old) && needsNodePorts(service)) {
            for (Obj port : spec.objects("ports")) {
                if (nodePort(port) == 0) {
                    old.objects("spec", "ports").stream().filter(p -> nodePort(p) != 0 && p.text("protocol").equals(port.text("protocol"))
                            && Objects.equals(p.get("port"), port.get("port"))).findFirst().ifPresent(p -> port.put("nodePort", nodePort(p)));
                }
            }
        }
        if (needsHealthPort(old) && needsHealthPort(service) && spec.number("healthCheckNodePort").orElse(0) == 0) {
            spec.put("healthCheckNodePort", old.get("spec", "healthCheckNodePort"));
        }
    }

    static void drop(Obj service, Obj old) {
        Obj spec = service.at("spec");
        if (needsClusterIp(old) && !needsClusterIp(service)) {
            if (same(service, old, "clusterIP") && same(service, old, "clusterIPs")) {
                spec.remove("clusterIP");
                spec.remove("clusterIPs");
            }
            dropSame(service, old, "ipFamilies");
            dropSame(service, old, "ipFamilyPolicy");
        }
        if (needsNodePorts(old) && !needsNodePorts(service) && nodePorts(service).equals(nodePorts(old))) {
            spec.objects("ports").forEach(p -> p.remove("nodePort"));
        }
        if (needsHealthPort(old) && !needsHealthPort(service)) {
            dropSame(service, old, "healthCheckNodePort");
        }
        if (old.text("spec", "type").equals("LoadBalancer") && !service.text("spec", "type").equals("LoadBalancer")) {
            dropSame(service, old, "allocateLoadBalancerNodePorts");
            dropSame(service, old, "loadBalancerClass");
        }
        if (external(old) && !external(service)) {
            dropSame(service, old, "externalTrafficPolicy");
        }
        if (!service.text("spec", "type").equals("LoadBalancer")) {
            service.make("status").put("loadBalancer", Obj.of());
        }
    }

    private static boolean same(Obj service, Obj old, String field) {
        return Objects.equals(service.get("spec", field), old.get("spec", field));
    }

    private static void dropSame(Obj service, Obj old, String field) {
        if (same(service, old, field)) {
            service.at("spec").remove(field);
        }
    }

    static long nodePort(Obj port) {
        return port.number("nodePort").orElse(0);
    }

    private static List<Long> nodePorts(Obj service) {
        return service.objects("spec", "ports").stream().map(Kept::nodePort).toList();
    }
}
