package io.manul.apiserver.kinds.service;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives a Service its cluster addresses and ports (Kubernetes, "Service ClusterIP allocation", "Service NodePort"): what the
 * user asked for when it is free and in range, else a free one from the upper band, so that the lower one stays for people.
 * The engine runs writes of Services one at a time, so what is stored is what is taken.
 */
final class Allocation {

    private final Write write;
    private final Obj service;
    private final Obj spec;
    private final Obj old;
    private final List<Network> networks = new ArrayList<>();
    private final FieldErrors errors = new FieldErrors();
    private final Set<String> takenIps = new HashSet<>();
    private final Set<Long> takenPorts = new HashSet<>();
    private boolean scanned;

    private Allocation(Obj service, Obj old, Write write) throws ApiException {
        this.write = write;
        this.service = service;
        this.old = old;
        this.spec = service.at("spec");
        for (String cidr : write.settings().serviceCidr().split(",")) {
            networks.add(Network.of(cidr));
        }
        // more networks, added while the cluster runs (KEP-1880)
        write.reader().each("networking.k8s.io", "servicecidrs", "", c -> {
            if (!c.deleting()) {
                c.strings("spec", "cidrs").stream().filter(Ips::validCidr).map(Network::of).filter(n -> !networks.contains(n)).forEach(networks::add);
            }
        });
    }

    /** What others have; read when something is to be given, not for an update that keeps all. */
    private void scan() throws ApiException {
        if (scanned) {
            return;
        }
        scanned = true;
        write.reader().each("", "services", "", other -> {
            if (!(other.name().equals(service.name()) && other.namespace().equals(service.namespace()))) {
                takenIps.addAll(other.strings("spec", "clusterIPs"));
                takenIps.add(other.text("spec", "clusterIP"));
                other.objects("spec", "ports").forEach(p -> takenPorts.add(Kept.nodePort(p)));
                takenPorts.add(other.number("spec", "healthCheckNodePort").orElse(0));
            }
        });
    }

    static void of(Obj service, Obj old, Write write) throws ApiException {
        Allocation a = new Allocation(service, old, write);
        a.families();
        if (a.errors.isEmpty()) {
            a.clusterIps();
            a.nodePorts();
            a.healthPort();
        }
        if (!a.errors.isEmpty()) {
            throw ApiException.invalid("", "Service", service.name(), a.errors);
        }
    }

    private void families() {
        List<String> configured = networks.stream().map(n -> n.six() ? "IPv6" : "IPv4").distinct().toList();
        new Families(service, old, configured, errors).fill();
    }

    private void clusterIps() throws ApiException {
        if (!Kept.needsClusterIp(service) || spec.text("clusterIP").equals("None")) {
            return;
        }
        List<String> had = old == null || !Kept.needsClusterIp(old) ? List.of() : old.strings("spec", "clusterIPs");
        List<String> asked = spec.strings("clusterIPs");
        List<String> families = spec.strings("ipFamilies");
        List<String> ips = new ArrayList<>();
        for (int i = 0; i < Math.max(families.size(), asked.size()); i++) {
            String ip = i < asked.size() ? asked.get(i) : free(families.get(i).equals("IPv6"));
            if (i < asked.size() && !had.contains(ip)) {
                asked(ip);
            }
            ips.add(ip);
        }
        if (errors.isEmpty()) {
            spec.put("clusterIP", ips.getFirst()).put("clusterIPs", ips);
        }
    }

    private void asked(String ip) throws ApiException {
        scan();
        if (networks.stream().noneMatch(n -> n.contains(ip))) {
            errors.invalid("spec.clusterIPs", spec.strings("clusterIPs"), "failed to allocate IP " + ip
                    + ": the provided network does not contain the IP " + ip + ": the valid range is " + ranges(ip.contains(":")));
        } else if (takenIps.contains(ip)) {
            errors.invalid("spec.clusterIPs", spec.strings("clusterIPs"), "failed to allocate IP " + ip + ": provided IP is already allocated");
        }
    }

    private String ranges(boolean six) {
        return String.join(",", networks.stream().filter(n -> n.six() == six).map(Network::toString).toList());
    }

    private String free(boolean six) throws ApiException {
        scan();
        for (Network network : networks) {
            if (network.six() == six) {
                long start = network.random(write.random());
                // all offsets from a random one above the band, then the band
                long tries = Math.min(network.last(), takenIps.size() + 1L + network.band());
                for (long i = 0, offset = start; i < tries; i++) {
                    String ip = network.address(offset);
                    if (!takenIps.contains(ip)) {
                        return ip;
                    }
                    offset = offset == network.last() ? Math.min(network.band() + 1, network.last()) : offset + 1;
                }
                for (long offset = 1; offset <= Math.min(network.band(), network.last()); offset++) {
                    if (!takenIps.contains(network.address(offset))) {
                        return network.address(offset);
                    }
                }
            }
        }
        errors.invalid("spec.clusterIPs", spec.strings("clusterIPs"), "failed to allocate an IP: range is full");
        return "";
    }

    private void nodePorts() throws ApiException {
        if (!Kept.needsNodePorts(service)) {
            if (service.text("spec", "type").equals("LoadBalancer")) {
                checkAsked(); // allocation is off, but numbers may be asked for
            }
            return;
        }
        checkAsked();
        List<Obj> ports = spec.objects("ports");
        for (Obj port : ports) {
            if (Kept.nodePort(port) == 0) {
                // one number may serve the same port of several protocols
                long shared = ports.stream().filter(p -> p != port && Kept.nodePort(p) != 0 && !p.text("protocol").equals(port.text("protocol"))
                        && p.get("port").equals(port.get("port")) && ports.stream().noneMatch(q -> q != p && Kept.nodePort(q) == Kept.nodePort(p)
                        && q.text("protocol").equals(port.text("protocol")))).mapToLong(Kept::nodePort).findFirst().orElse(0);
                port.put("nodePort", shared != 0 ? shared : freePort("spec.ports[" + ports.indexOf(port) + "].nodePort"));
                takenPorts.add(Kept.nodePort(port));
            }
        }
    }

    private void checkAsked() throws ApiException {
        List<Obj> ports = spec.objects("ports");
        for (int i = 0; i < ports.size(); i++) {
            if (Kept.nodePort(ports.get(i)) != 0) {
                check(Kept.nodePort(ports.get(i)), "spec.ports[" + i + "].nodePort");
            }
        }
        ports.forEach(p -> takenPorts.add(Kept.nodePort(p)));
    }

    private boolean had(long port) {
        return old != null && (old.objects("spec", "ports").stream().anyMatch(p -> Kept.nodePort(p) == port)
                || old.number("spec", "healthCheckNodePort").orElse(0) == port);
    }

    private void check(long asked, String path) throws ApiException {
        int first = write.settings().nodePortFirst();
        int last = write.settings().nodePortLast();
        if (had(asked)) {
            return; // also one from before the range was changed
        }
        scan();
        if (asked < first || asked > last) {
            errors.invalid(path, asked, "provided port is not in the valid range. The range of valid ports is " + first + "-" + last);
        } else if (takenPorts.contains(asked)) {
            errors.invalid(path, asked, "provided port is already allocated");
        }
    }

    private void healthPort() throws ApiException {
        if (Kept.needsHealthPort(service)) {
            long asked = spec.number("healthCheckNodePort").orElse(0);
            if (asked == 0) {
                spec.put("healthCheckNodePort", freePort("spec.healthCheckNodePort"));
            } else {
                check(asked, "spec.healthCheckNodePort");
            }
        }
    }

    private long freePort(String path) throws ApiException {
        scan();
        int first = write.settings().nodePortFirst();
        int size = write.settings().nodePortLast() - first + 1;
        int band = size < 32 ? 0 : Math.min(Math.max(16, size / 32), 128);
        int upper = size - band;
        int start = write.random().nextInt(upper);
        for (int i = 0; i < size; i++) {
            long candidate = i < upper ? first + band + (start + i) % upper : first + (i - upper);
            if (!takenPorts.contains(candidate)) {
                return candidate;
            }
        }
        errors.invalid(path, 0, "failed to allocate a nodePort: range is full");
        return 0;
    }
}
