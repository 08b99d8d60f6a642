package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pod gives to a Service's slices. Pure. */
final class PodEndpoint {

    private PodEndpoint() {
    }

    /** Empty for a pod that has no address of the family or has ended. @param zone of its node; empty when unknown */
    static Optional<Obj> of(Obj pod, Obj service, String family, String zone) {
        String ip = address(pod, family);
        String phase = pod.text("status", "phase");
        if (ip.isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return Optional.empty();
        }
        boolean serving = ready(pod);
        boolean terminating = pod.deleting();
        boolean ready = service.flag("spec", "publishNotReadyAddresses") || serving && !terminating;
        Obj endpoint = Obj.of("addresses", List.of(ip),
                "conditions", Obj.of("ready", ready, "serving", serving, "terminating", terminating),
                "nodeName", pod.string("spec", "nodeName").orElse(null), "zone", zone.isEmpty() ? null : zone,
                "targetRef", Obj.of("kind", "Pod", "namespace", pod.namespace(), "name", pod.name(), "uid", pod.uid()));
        String hostname = pod.text("spec", "hostname");
        if (!hostname.isEmpty() && pod.text("spec", "subdomain").equals(service.name())) {
            endpoint.put("hostname", hostname);
        }
        return Optional.of(endpoint);
    }

    private static String address(Obj pod, String family) {
        return Stream.concat(pod.objects("status", "podIPs").stream().map(i -> i.text("ip")), Stream.of(pod.text("status", "podIP")))
                .filter(ip -> !ip.isEmpty() && ip.contains(":") == family.equals("IPv6")).findFirst().orElse("");
    }

    /** When the pod became ready or stopped being so; empty before that. */
    static String since(Obj pod) {
        return pod.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready")).findFirst()
                .map(c -> c.text("lastTransitionTime")).orElse("");
    }

    private static boolean ready(Obj pod) {
        return pod.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"));
    }

    /** The port number that a Service port means on this pod; empty when a named port is not there. */
    static Optional<Long> port(Obj pod, Obj servicePort) {
        return switch (servicePort.get("targetPort")) {
            case Long n -> Optional.of(n);
            case String name -> containers(pod).flatMap(c -> c.objects("ports").stream())
                    .filter(p -> p.text("name").equals(name) && protocol(p).equals(protocol(servicePort)))
                    .map(p -> p.number("containerPort").orElse(0)).findFirst();
            case null, default -> Optional.of(servicePort.number("port").orElse(0));
        };
    }

    /** Sidecars too: init containers that restart always. */
    private static Stream<Obj> containers(Obj pod) {
        return Stream.concat(pod.objects("spec", "containers").stream(),
                pod.objects("spec", "initContainers").stream().filter(c -> c.text("restartPolicy").equals("Always")));
    }

    private static String protocol(Obj port) {
        return port.string("protocol").orElse("TCP");
    }
}
