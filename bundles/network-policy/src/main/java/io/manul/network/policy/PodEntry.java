package io.manul.network.policy;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What policies need of a pod.
 *
 * @param here  it has a network of its own on this node: policies can select it
 * @param four  its IPv4 addresses, a node's when it is on the host's network @param six its IPv6 addresses
 * @param ports those with a name
 */
record PodEntry(Key key, String uid, Map<String, String> labels, boolean here, List<String> four, List<String> six, List<Named> ports) {

    /** @param protocol tcp, udp or sctp */
    record Named(String name, String protocol, int number) {
    }

    /** Empty: it has ended, its addresses may be another's. */
    static Optional<PodEntry> of(Obj pod, String node) {
        String phase = pod.text("status", "phase");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return Optional.empty();
        }
        List<String> ips = new ArrayList<>();
        pod.objects("status", "podIPs").forEach(i -> ips.add(i.text("ip")));
        if (ips.isEmpty()) {
            pod.string("status", "podIP").ifPresent(ips::add);
        }
        boolean here = pod.text("spec", "nodeName").equals(node) && !pod.flag("spec", "hostNetwork");
        PodEntry entry = new PodEntry(Key.of(pod), pod.uid(), Map.copyOf(pod.labels()), here, List.of(), List.of(), ports(pod));
        return Optional.of(entry.at(ips));
    }

    private static List<Named> ports(Obj pod) {
        List<Named> out = new ArrayList<>();
        List<Obj> containers = new ArrayList<>(pod.objects("spec", "containers"));
        pod.objects("spec", "initContainers").stream().filter(c -> c.text("restartPolicy").equals("Always")).forEach(containers::add);
        for (Obj c : containers) {
            for (Obj p : c.objects("ports")) {
                if (!p.text("name").isEmpty()) {
                    out.add(new Named(p.text("name"), p.string("protocol").orElse("TCP").toLowerCase(Locale.ROOT), (int) p.number("containerPort").orElse(0)));
                }
            }
        }
        return List.copyOf(out);
    }

    /** The same at other addresses. */
    PodEntry at(List<String> addresses) {
        List<String> v4 = addresses.stream().filter(a -> a.indexOf('.') > 0 && a.indexOf(':') < 0).toList();
        List<String> v6 = addresses.stream().filter(a -> a.indexOf(':') >= 0)
                .map(a -> InetAddress.ofLiteral(a).getHostAddress()).toList(); // one spelling
        return new PodEntry(key, uid, labels, here, v4, v6, ports);
    }

    List<String> addresses(boolean v6) {
        return v6 ? six : four;
    }
}
