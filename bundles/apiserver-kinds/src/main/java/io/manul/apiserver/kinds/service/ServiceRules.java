package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a Service must be, in upstream's words (Kubernetes 1.36, pkg/apis/core/validation: validateService). */
final class ServiceRules {

    private static final Set<String> TYPES = Set.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final Set<String> POLICIES = Set.of("Cluster", "Local");
    private static final Set<String> DISTRIBUTIONS = Set.of("PreferClose", "PreferSameZone", "PreferSameNode");
    private static final String MODE = "service.kubernetes.io/topology-mode";
    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String ONLY_BALANCERS = "may only be used when `type` is 'LoadBalancer'";

    private final Obj service;
    private final Obj spec;
    private final String type;
    private final boolean headless;
    private final FieldErrors e;

    ServiceRules(Obj service, FieldErrors e) {
        this.service = service;
        this.spec = service.at("spec");
        this.type = spec.text("type");
        this.headless = spec.strings("clusterIPs").equals(List.of("None"));
        this.e = e;
    }

    void check() {
        Texts.label(service.name(), "metadata.name", e);
        var annotations = service.annotations();
        if (annotations.containsKey(MODE) && annotations.containsKey(HINTS) && !annotations.get(MODE).equals(annotations.get(HINTS))) {
            e.invalid("metadata.annotations[" + MODE + "]", annotations.get(MODE), "must match annotations[" + HINTS + "] when both are specified");
        }
        if (spec.objects("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
            e.required("spec.ports", "");
        }
        type();
        ports();
        affinity();
        if (!type.equals("ExternalName")) {
            Families.check(spec, e);
        }
        externalIps();
        Texts.oneOf(type, "spec.type", TYPES, e);
        sourceRanges();
        balancer();
        policies();
    }

    private void type() {
        if (headless && (type.equals("NodePort") || type.equals("LoadBalancer"))) {
            e.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services");
        }
        if (type.equals("ExternalName")) {
            for (String field : List.of("clusterIPs", "ipFamilies")) {
                if (!spec.strings(field).isEmpty()) {
                    e.forbidden("spec." + field, "may not be set for ExternalName services");
                }
            }
            if (spec.has("ipFamilyPolicy")) {
                e.forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services");
            }
            String name = spec.text("externalName").replaceFirst("\\.$", "");
            if (name.isEmpty()) {
                e.required("spec.externalName", "");
            } else {
                Texts.subdomain(name, "spec.externalName", e);
            }
        }
    }

    private void ports() {
        Set<String> names = new HashSet<>();
        Set<String> seen = new HashSet<>();
        Set<String> nodePorts = new HashSet<>();
        List<Obj> ports = spec.objects("ports");
        for (int i = 0; i < ports.size(); i++) {
            Obj p = ports.get(i);
            String at = "spec.ports[" + i + "]";
            name(p.text("name"), ports.size() > 1, names, at + ".name");
            Texts.port(p.number("port").orElse(0), at + ".port", e);
            Texts.oneOf(p.text("protocol"), at + ".protocol", PROTOCOLS, e);
            switch (p.get("targetPort")) {
                case Long n -> Texts.port(n, at + ".targetPort", e);
                case String s -> Texts.portName(s, at + ".targetPort", e);
                case null, default -> { }
            }
            if (p.has("appProtocol")) {
                Qualified.check(p.text("appProtocol"), at + ".appProtocol", e);
            }
            if (Kept.nodePort(p) != 0 && type.equals("ClusterIP")) {
                e.forbidden(at + ".nodePort", "may not be used when `type` is 'ClusterIP'");
            }
            if (Kept.nodePort(p) != 0 && !nodePorts.add(p.text("protocol") + "/" + Kept.nodePort(p))) {
                e.duplicate(at + ".nodePort", Kept.nodePort(p));
            }
            if (!seen.add(p.text("protocol") + "/" + p.number("port").orElse(0))) {
                e.duplicate(at, Obj.of("port", p.get("port"), "protocol", p.get("protocol")).map());
            }
        }
    }

    private void name(String name, boolean required, Set<String> names, String path) {
        if (name.isEmpty()) {
            if (required) {
                e.required(path, "");
            }
            return;
        }
        Texts.label(name, path, e);
        if (!names.add(name)) {
            e.duplicate(path, name);
        }
    }

    private void affinity() {
        String affinity = spec.text("sessionAffinity");
        Texts.oneOf(affinity, "spec.sessionAffinity", Set.of("ClientIP", "None"), e);
        if (affinity.equals("ClientIP")) {
            long seconds = spec.number("sessionAffinityConfig", "clientIP", "timeoutSeconds").orElse(0);
            if (seconds <= 0 || seconds > 86400) {
                e.invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, "must be greater than 0 and less than or equal to 86400");
            }
        }
    }

    private void externalIps() {
        List<String> external = spec.strings("externalIPs");
        for (int i = 0; i < external.size(); i++) {
            if (Ips.check(external.get(i), "spec.externalIPs[" + i + "]", e)) {
                Ips.endpoint(external.get(i), "spec.externalIPs[" + i + "]", e);
            }
        }
    }

    private void sourceRanges() {
        List<String> ranges = spec.strings("loadBalancerSourceRanges");
        String annotation = service.annotations().get(RANGES);
        if (!ranges.isEmpty()) {
            if (!type.equals("LoadBalancer")) {
                e.forbidden("spec.LoadBalancerSourceRanges", ONLY_BALANCERS);
            }
            for (int i = 0; i < ranges.size(); i++) {
                Ips.checkCidr(ranges.get(i).strip(), "spec.LoadBalancerSourceRanges[" + i + "]", e);
            }
        } else if (annotation != null) {
            String path = "metadata.annotations[" + RANGES + "]";
            if (!type.equals("LoadBalancer")) {
                e.forbidden(path, ONLY_BALANCERS);
            }
            for (String range : annotation.isBlank() ? new String[0] : annotation.strip().split(",")) {
                Ips.checkCidr(range.strip(), path, e);
            }
        }
    }

    private void balancer() {
        boolean is = type.equals("LoadBalancer");
        if (spec.has("allocateLoadBalancerNodePorts") && !is) {
            e.forbidden("spec.allocateLoadBalancerNodePorts", ONLY_BALANCERS);
        }
        if (spec.has("loadBalancerClass")) {
            if (is) {
                Qualified.check(spec.text("loadBalancerClass"), "spec.loadBalancerClass", e);
            } else {
                e.forbidden("spec.loadBalancerClass", ONLY_BALANCERS);
            }
        }
    }

    private void policies() {
        String policy = spec.text("externalTrafficPolicy");
        if (!Kept.external(service) && !policy.isEmpty()) {
            e.invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services");
        } else {
            Texts.oneOf(policy, "spec.externalTrafficPolicy", POLICIES, e);
        }
        long port = spec.number("healthCheckNodePort").orElse(0);
        if (!Kept.needsHealthPort(service)) {
            if (port != 0) {
                e.invalid("spec.healthCheckNodePort", port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
            }
        } else if (port == 0) {
            e.required("spec.healthCheckNodePort", "");
        } else {
            Texts.port(port, "spec.healthCheckNodePort", e);
        }
        Texts.oneOf(spec.text("internalTrafficPolicy"), "spec.internalTrafficPolicy", POLICIES, e);
        Texts.oneOf(spec.text("trafficDistribution"), "spec.trafficDistribution", DISTRIBUTIONS, e);
    }

    static void update(Obj service, Obj old, FieldErrors e) {
        if (service.text("spec", "type").equals("LoadBalancer") && old.text("spec", "type").equals("LoadBalancer")
                && !Objects.equals(service.get("spec", "loadBalancerClass"), old.get("spec", "loadBalancerClass"))) {
            e.invalid("spec.loadBalancerClass", service.get("spec", "loadBalancerClass"), "may not change once set");
        }
        if (Kept.needsHealthPort(old) && Kept.needsHealthPort(service)
                && !Objects.equals(service.get("spec", "healthCheckNodePort"), old.get("spec", "healthCheckNodePort"))) {
            e.forbidden("spec.healthCheckNodePort", "field is immutable");
        }
        if (Kept.needsClusterIp(service) && Kept.needsClusterIp(old)) {
            unchanged(service, old, "clusterIPs", "clusterIP", e);
            if (!service.text("spec", "clusterIP").equals("None") && !old.text("spec", "clusterIP").equals("None")) {
                unchanged(service, old, "ipFamilies", "ipFamily", e);
            }
        }
    }

    /** One may be added or, with SingleStack, given up; the first never changes. */
    private static void unchanged(Obj service, Obj old, String field, String one, FieldErrors e) {
        List<String> was = old.strings("spec", field);
        List<String> now = service.strings("spec", field);
        String path = "spec." + field + "[";
        if (was.size() > now.size() && now.isEmpty()) {
            e.invalid(path + "0]", now, "primary " + one + " can not be unset");
        } else if (was.size() > now.size() && !service.text("spec", "ipFamilyPolicy").equals("SingleStack")) {
            e.invalid("spec.ipFamilyPolicy", service.get("spec", "ipFamilyPolicy"), "must be set to 'SingleStack' when releasing the secondary " + one);
        }
        for (int i = 0; i < Math.min(was.size(), now.size()); i++) {
            if (!was.get(i).equals(now.get(i))) {
                e.invalid(path + i + "]", now, "may not change once set");
            }
        }
    }

    static void status(Obj service, FieldErrors e) {
        List<Obj> ingress = service.objects("status", "loadBalancer", "ingress");
        if (!ingress.isEmpty() && !service.text("spec", "type").equals("LoadBalancer")) {
            e.forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        for (int i = 0; i < ingress.size(); i++) {
            String at = "status.loadBalancer.ingress[" + i + "]";
            String ip = ingress.get(i).text("ip");
            String mode = ingress.get(i).text("ipMode");
            String host = ingress.get(i).text("hostname");
            if (!ip.isEmpty()) {
                Ips.check(ip, at + ".ip", e);
            }
            if (ip.isEmpty() && !mode.isEmpty()) {
                e.forbidden(at + ".ipMode", "may not be specified when `ip` is not set");
            } else if (!ip.isEmpty() && mode.isEmpty()) {
                e.required(at + ".ipMode", "must be specified when `ip` is set");
            } else {
                Texts.oneOf(mode, at + ".ipMode", Set.of("VIP", "Proxy"), e);
            }
            if (!host.isEmpty()) {
                Texts.subdomain(host, at + ".hostname", e);
                if (Ips.valid(host)) {
                    e.invalid(at + ".hostname", host, "must be a DNS name, not an IP address");
                }
            }
        }
    }
}
