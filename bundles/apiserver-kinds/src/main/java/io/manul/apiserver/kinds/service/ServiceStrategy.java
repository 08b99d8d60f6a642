package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Service (core/v1): defaults, rules, allocation of cluster addresses and node ports from what is stored. */
public final class ServiceStrategy implements Strategy {

    private static final Set<String> TYPES = Set.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final Set<String> POLICIES = Set.of("Cluster", "Local");

    private static final Cells CELLS = new Cells().text("Type", s -> s.text("spec", "type"))
            .text("Cluster-IP", s -> Cells.or(s.text("spec", "clusterIP"), "<none>"))
            .text("External-IP", ServiceStrategy::external).text("Port(s)", ServiceStrategy::ports).age()
            .wide("Selector", s -> Cells.selector(s.at("spec", "selector")));

    @Override
    public void defaults(Obj service) {
        Obj spec = service.make("spec");
        Defaults.fill(spec, "sessionAffinity", "None", "type", "ClusterIP");
        if (spec.text("sessionAffinity").equals("ClientIP")) {
            Defaults.fill(spec.make("sessionAffinityConfig", "clientIP"), "timeoutSeconds", 10800);
        } else {
            spec.remove("sessionAffinityConfig");
        }
        for (Obj port : spec.objects("ports")) {
            Defaults.fill(port, "protocol", "TCP", "targetPort", port.get("port"));
        }
        String type = spec.text("type");
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            Defaults.fill(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Defaults.fill(spec, "allocateLoadBalancerNodePorts", true);
        }
        if (!type.equals("ExternalName")) {
            Defaults.fill(spec, "internalTrafficPolicy", "Cluster");
        }
    }

    @Override
    public boolean serialized() {
        return true;
    }

    @Override
    public void prepareCreate(Obj service, Write write) throws ApiException {
        service.put("status", Obj.of("loadBalancer", Obj.of()));
        Allocation.of(service, null, write);
    }

    @Override
    public void prepareUpdate(Obj service, Obj old, Write write) throws ApiException {
        Allocation.of(service, old, write);
    }

    @Override
    public void validate(Obj service, FieldErrors e) {
        Obj spec = service.at("spec");
        Texts.serviceName(service.name(), "metadata.name", e);
        String type = spec.text("type");
        Texts.oneOf(type, "spec.type", TYPES, e);
        Texts.oneOf(spec.text("sessionAffinity"), "spec.sessionAffinity", Set.of("ClientIP", "None"), e);
        Texts.oneOf(spec.text("internalTrafficPolicy"), "spec.internalTrafficPolicy", POLICIES, e);
        boolean headless = spec.text("clusterIP").equals("None");
        if (spec.objects("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
            e.required("spec.ports", "");
        }
        if (type.equals("ExternalName")) {
            Texts.subdomain(spec.text("externalName").replaceFirst("\\.$", ""), "spec.externalName", e);
        }
        if (headless && (type.equals("NodePort") || type.equals("LoadBalancer"))) {
            e.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services");
        }
        if (spec.has("externalTrafficPolicy") && !type.equals("NodePort") && !type.equals("LoadBalancer")
                && spec.strings("externalIPs").isEmpty()) {
            e.invalid("spec.externalTrafficPolicy", spec.text("externalTrafficPolicy"), "may only be set for externally-accessible services");
        } else {
            Texts.oneOf(spec.text("externalTrafficPolicy"), "spec.externalTrafficPolicy", POLICIES, e);
        }
        List<String> external = spec.strings("externalIPs");
        for (int i = 0; i < external.size(); i++) {
            if (!Texts.isIp(external.get(i))) {
                e.invalid("spec.externalIPs[" + i + "]", external.get(i), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
        portRules(spec.objects("ports"), type, e);
    }

    private static void portRules(List<Obj> ports, String type, FieldErrors e) {
        Set<String> names = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            Obj p = ports.get(i);
            String at = "spec.ports[" + i + "]";
            String name = p.text("name");
            if (name.isEmpty() && ports.size() > 1) {
                e.required(at + ".name", "");
            } else if (!name.isEmpty()) {
                Texts.label(name, at + ".name", e);
                if (!names.add(name)) {
                    e.duplicate(at + ".name", name);
                }
            }
            Texts.port(p.number("port").orElse(0), at + ".port", e);
            Texts.oneOf(p.text("protocol"), at + ".protocol", PROTOCOLS, e);
            switch (p.get("targetPort")) {
                case Long n -> Texts.port(n, at + ".targetPort", e);
                case String s -> Texts.portName(s, at + ".targetPort", e);
                case null, default -> { }
            }
            if (p.number("nodePort").orElse(0) != 0 && type.equals("ClusterIP")) {
                e.forbidden(at + ".nodePort", "may not be used when `type` is 'ClusterIP'");
            }
            if (!seen.add(p.text("protocol") + "/" + p.number("port").orElse(0))) {
                e.duplicate(at, Obj.of("port", p.get("port"), "protocol", p.get("protocol")).map());
            }
        }
    }

    @Override
    public void validateUpdate(Obj service, Obj old, FieldErrors e) {
        String was = old.text("spec", "clusterIP");
        String now = service.text("spec", "clusterIP");
        boolean kept = !service.text("spec", "type").equals("ExternalName") && !old.text("spec", "type").equals("ExternalName");
        if (kept && !was.isEmpty() && !was.equals(now)) {
            e.invalid("spec.clusterIPs[0]", now.isEmpty() ? null : now, "may not change once set");
        }
    }

    @Override
    public Map<String, String> selectable(Obj service) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("spec.clusterIP", service.text("spec", "clusterIP"));
        fields.put("spec.type", service.text("spec", "type"));
        return fields;
    }

    /** Services have no generation before v1.36's default storage version. */
    @Override
    public boolean generation() {
        return false;
    }

    private static Object external(Obj s) {
        List<String> ips = s.strings("spec", "externalIPs");
        return switch (s.text("spec", "type")) {
            case "LoadBalancer" -> {
                List<String> all = new java.util.ArrayList<>(s.objects("status", "loadBalancer", "ingress").stream()
                        .map(i -> Cells.or(i.text("ip"), i.text("hostname"))).toList());
                all.addAll(ips);
                yield all.isEmpty() ? "<pending>" : String.join(",", all);
            }
            case "ExternalName" -> s.text("spec", "externalName");
            default -> ips.isEmpty() ? "<none>" : String.join(",", ips);
        };
    }

    private static Object ports(Obj s) {
        List<Obj> ports = s.objects("spec", "ports");
        return ports.isEmpty() ? "<none>" : ports.stream().map(p -> p.number("port").orElse(0)
                + (p.number("nodePort").orElse(0) > 0 ? ":" + p.number("nodePort").orElse(0) : "") + "/" + p.text("protocol"))
                .collect(Collectors.joining(","));
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj service, Instant now) {
        return CELLS.of(service, now);
    }
}
