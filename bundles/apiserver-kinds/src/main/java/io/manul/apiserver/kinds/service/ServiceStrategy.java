package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Service (core/v1): defaults, rules, allocation of cluster addresses and node ports from what is stored. */
public final class ServiceStrategy implements Strategy {

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
        } else if (spec.text("sessionAffinity").equals("None")) {
            spec.remove("sessionAffinityConfig");
        }
        for (Obj port : spec.objects("ports")) {
            Defaults.fill(port, "protocol", "TCP");
            if (port.text("targetPort").isEmpty() && port.number("targetPort").orElse(0) == 0) {
                port.put("targetPort", port.get("port"));
            }
        }
        if (Kept.external(service)) {
            Defaults.fill(spec, "externalTrafficPolicy", "Cluster");
        }
        if (Kept.needsClusterIp(service)) {
            Defaults.fill(spec, "internalTrafficPolicy", "Cluster");
        }
        if (spec.text("type").equals("LoadBalancer")) {
            Defaults.fill(spec, "allocateLoadBalancerNodePorts", true);
            service.objects("status", "loadBalancer", "ingress").stream().filter(i -> !i.text("ip").isEmpty()).forEach(i -> Defaults.fill(i, "ipMode", "VIP"));
        }
    }

    @Override
    public boolean serialized() {
        return true;
    }

    @Override
    public boolean createOnUpdate() {
        return true;
    }

    @Override
    public void prepareCreate(Obj service, Write write) throws ApiException {
        service.put("status", Obj.of("loadBalancer", Obj.of()));
        Kept.normalize(service, null);
        Allocation.of(service, null, write);
        if (service.text("spec", "sessionAffinity").equals("ClientIP") && service.text("spec", "clusterIP").equals("None")) {
            write.warnings().add("spec.SessionAffinity is ignored for headless services");
        }
    }

    @Override
    public void prepareUpdate(Obj service, Obj old, Write write) throws ApiException {
        Kept.drop(service, old);
        Kept.fill(service, old);
        Kept.normalize(service, old);
        Allocation.of(service, old, write);
    }

    @Override
    public void validate(Obj service, FieldErrors e) {
        new ServiceRules(service, e).check();
    }

    @Override
    public void validateUpdate(Obj service, Obj old, FieldErrors e) {
        ServiceRules.update(service, old, e);
    }

    @Override
    public void validateStatus(Obj service, Obj old, FieldErrors e) {
        ServiceRules.status(service, e);
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
