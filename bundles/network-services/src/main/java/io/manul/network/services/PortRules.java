package io.manul.network.services;

import io.manul.json.Obj;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;

/** From a Service and its EndpointSlices to rules. Pure. */
final class PortRules {

    private final String nodeName;

    PortRules(String nodeName) {
        this.nodeName = nodeName;
    }

    List<PortRule> of(Obj service, List<Obj> slices) {
        List<PortRule> rules = new ArrayList<>();
        List<String> addresses = v4(service.strings("spec", "clusterIPs"));
        if (addresses.isEmpty() || service.text("spec", "type").equals("ExternalName")) {
            return rules; // headless, not allocated yet, or only a DNS name
        }
        List<String> external = v4(service.strings("spec", "externalIPs"));
        service.objects("status", "loadBalancer", "ingress").forEach(i -> external.addAll(v4(List.of(i.text("ip")))));
        boolean localInside = service.text("spec", "internalTrafficPolicy").equals("Local");
        boolean localOutside = service.text("spec", "externalTrafficPolicy").equals("Local");
        long affinity = service.text("spec", "sessionAffinity").equals("ClientIP")
                ? service.number("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds").orElse(10800) : 0;
        for (Obj port : service.objects("spec", "ports")) {
            String name = port.text("name");
            rules.add(new PortRule(chain(service, name), port.string("protocol").orElse("TCP").toLowerCase(Locale.ROOT), addresses,
                    external, (int) port.number("port").orElse(0), (int) port.number("nodePort").orElse(0),
                    endpoints(slices, name, localInside), endpoints(slices, name, localOutside), localOutside, affinity));
        }
        return rules;
    }

    private static List<String> v4(List<String> ips) {
        return new ArrayList<>(ips.stream().filter(ip -> ip.matches("[0-9.]+")).toList());
    }

    /** Ready ones; when there is none, those that still serve while they end (KEP-1669). */
    private List<Endpoint> endpoints(List<Obj> slices, String port, boolean local) {
        List<Endpoint> ready = endpoints(slices, port, local, c -> !Boolean.FALSE.equals(c.get("ready")));
        return !ready.isEmpty() ? ready
                : endpoints(slices, port, local, c -> c.flag("serving") && c.flag("terminating"));
    }

    private List<Endpoint> endpoints(List<Obj> slices, String port, boolean local, Predicate<Obj> wanted) {
        TreeSet<Endpoint> all = new TreeSet<>();
        for (Obj slice : slices) {
            if (!slice.text("addressType").equals("IPv4")) {
                continue;
            }
            slice.objects("ports").stream().filter(p -> p.text("name").equals(port)).findFirst()
                    .ifPresent(p -> p.number("port").ifPresent(number -> {
                        for (Obj e : slice.objects("endpoints")) {
                            if (wanted.test(e.at("conditions")) && (!local || e.text("nodeName").equals(nodeName))) {
                                e.strings("addresses").stream().limit(1).forEach(ip -> all.add(new Endpoint(ip, (int) number)));
                            }
                        }
                    }));
        }
        return List.copyOf(all);
    }

    /** A short name that is the same for the same port of the same Service, on every start. */
    private static String chain(Obj service, String port) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(
                    (service.namespace() + "/" + service.name() + "/" + port).getBytes(StandardCharsets.UTF_8));
            return "svc-" + new BigInteger(1, hash).toString(36).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
