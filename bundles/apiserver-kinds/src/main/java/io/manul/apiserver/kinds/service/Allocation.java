package io.manul.apiserver.kinds.service;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gives a Service its cluster address and node ports (Kubernetes, "Service ClusterIP allocation", "Service NodePort"): what
 * the user asked for when it is free and in range, else a free one from the upper band, so that the lower one stays for
 * people. The engine runs writes of Services one at a time, so what is stored is what is taken.
 */
final class Allocation {

    private final Write write;
    private final Obj spec;
    private final FieldErrors errors = new FieldErrors();
    private final Set<String> takenIps = new HashSet<>();
    private final Set<String> takenPorts = new TreeSet<>();

    private Allocation(Obj service, Write write) throws ApiException {
        this.write = write;
        this.spec = service.at("spec");
        for (Obj other : write.reader().list("", "services", "")) {
            if (!(other.name().equals(service.name()) && other.namespace().equals(service.namespace()))) {
                takenIps.addAll(other.strings("spec", "clusterIPs"));
                takenIps.add(other.text("spec", "clusterIP"));
                other.objects("spec", "ports").forEach(p -> takenPorts.add(p.text("protocol") + "/" + p.number("nodePort").orElse(0)));
            }
        }
    }

    static void of(Obj service, Obj old, Write write) throws ApiException {
        Allocation a = new Allocation(service, write);
        a.clusterIp(old);
        a.nodePorts(old);
        if (!a.errors.isEmpty()) {
            throw ApiException.invalid("", "Service", service.name(), a.errors);
        }
    }

    private void clusterIp(Obj old) {
        if (spec.text("type").equals("ExternalName")) {
            spec.remove("clusterIP");
            spec.remove("clusterIPs");
            spec.remove("ipFamilies");
            spec.remove("ipFamilyPolicy");
            return;
        }
        String wanted = spec.text("clusterIP").isEmpty() ? spec.strings("clusterIPs").stream().findFirst().orElse("") : spec.text("clusterIP");
        String had = old == null ? "" : old.text("spec", "clusterIP");
        if (wanted.isEmpty() && !had.isEmpty() && old != null && !old.text("spec", "type").equals("ExternalName")) {
            wanted = had; // an update that leaves it out keeps it
        }
        if (spec.has("clusterIP") && !spec.strings("clusterIPs").isEmpty() && !spec.strings("clusterIPs").getFirst().equals(spec.text("clusterIP"))) {
            if (old == null) {
                errors.invalid("spec.clusterIPs", spec.strings("clusterIPs"), "first value must match `clusterIP`");
                return;
            }
        }
        if (wanted.isEmpty()) {
            wanted = free();
        } else if (!wanted.equals("None") && !wanted.equals(had)) {
            asked(wanted);
        }
        spec.put("clusterIP", wanted).put("clusterIPs", List.of(wanted));
        if (!spec.has("ipFamilies")) {
            spec.put("ipFamilies", List.of("IPv4"));
        }
        if (!spec.has("ipFamilyPolicy")) {
            spec.put("ipFamilyPolicy", "SingleStack");
        }
        if (spec.text("ipFamilyPolicy").equals("RequireDualStack") || spec.strings("ipFamilies").contains("IPv6")) {
            errors.invalid("spec.ipFamilyPolicy", spec.text("ipFamilyPolicy"), "this cluster is not configured for dual-stack services");
        }
    }

    private void asked(String ip) {
        if (!Texts.isIpv4(ip)) {
            errors.invalid("spec.clusterIPs[0]", ip, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            return;
        }
        Network network = Network.of(write.settings().serviceCidr());
        if (!network.contains(ip)) {
            errors.invalid("spec.clusterIPs", List.of(ip), "failed to allocate IP " + ip
                    + ": the provided network does not contain the IP " + ip + ": the valid range is " + network);
        } else if (takenIps.contains(ip)) {
            errors.invalid("spec.clusterIPs", List.of(ip), "failed to allocate IP " + ip + ": provided IP is already allocated");
        }
    }

    private String free() {
        Network network = Network.of(write.settings().serviceCidr());
        // KEP-3070: min(max(16, size/16), 256) addresses at the bottom are left to people while there are others
        long band = Math.min(Math.max(16, network.size() / 16), 256);
        long upper = network.size() - 1 - band;
        long start = upper > 0 ? write.random().nextLong(upper) : 0;
        for (long i = 0; i < upper; i++) {
            String ip = network.address(band + (start + i) % upper);
            if (!takenIps.contains(ip)) {
                return ip;
            }
        }
        for (long i = 1; i < band && i < network.size() - 1; i++) {
            if (!takenIps.contains(network.address(i))) {
                return network.address(i);
            }
        }
        errors.invalid("spec.clusterIPs", List.of(), "failed to allocate an IP: range is full");
        return "";
    }

    private void nodePorts(Obj old) {
        String type = spec.text("type");
        boolean wants = type.equals("NodePort")
                || type.equals("LoadBalancer") && !Boolean.FALSE.equals(spec.get("allocateLoadBalancerNodePorts"));
        List<Obj> ports = spec.objects("ports");
        for (int i = 0; i < ports.size(); i++) {
            Obj port = ports.get(i);
            long asked = port.number("nodePort").orElse(0);
            if (!wants && type.equals("ClusterIP") && old != null && asked != 0 && !old.text("spec", "type").equals("ClusterIP")) {
                port.remove("nodePort"); // the type changed back: its ports are given up
            } else if (wants && asked == 0) {
                port.put("nodePort", kept(old, port));
            } else if (wants) {
                check(asked, port, old, "spec.ports[" + i + "].nodePort");
            }
            takenPorts.add(port.text("protocol") + "/" + port.number("nodePort").orElse(0));
        }
    }

    private boolean had(Obj old, long port, String protocol) {
        return old != null && old.objects("spec", "ports").stream()
                .anyMatch(p -> p.number("nodePort").orElse(0) == port && p.text("protocol").equals(protocol));
    }

    private void check(long asked, Obj port, Obj old, String path) {
        int first = write.settings().nodePortFirst();
        int last = write.settings().nodePortLast();
        if (asked < first || asked > last) {
            errors.invalid(path, asked, "provided port is not in the valid range. The range of valid ports is " + first + "-" + last);
        } else if (!had(old, asked, port.text("protocol")) && takenPorts.contains(port.text("protocol") + "/" + asked)) {
            errors.invalid(path, asked, "provided port is already allocated");
        }
    }

    /** The port that the same Service port had before, else a free one. */
    private Object kept(Obj old, Obj port) {
        if (old != null) {
            for (Obj p : old.objects("spec", "ports")) {
                long had = p.number("nodePort").orElse(0);
                if (had != 0 && p.text("protocol").equals(port.text("protocol")) && java.util.Objects.equals(p.get("port"), port.get("port"))) {
                    return had;
                }
            }
        }
        int first = write.settings().nodePortFirst();
        int size = write.settings().nodePortLast() - first + 1;
        int band = Math.min(Math.max(16, size / 32), 128);
        int upper = Math.max(1, size - band);
        int start = write.random().nextInt(upper);
        for (int i = 0; i < upper; i++) {
            int candidate = first + size - upper + (start + i) % upper;
            if (!takenPorts.contains(port.text("protocol") + "/" + candidate)) {
                return (long) candidate;
            }
        }
        errors.invalid("spec.ports[0].nodePort", 0, "failed to allocate a nodePort: range is full");
        return null;
    }
}
