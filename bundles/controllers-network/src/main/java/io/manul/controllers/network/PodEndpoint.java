package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.Optional;

/** What a pod gives to a Service's slices. Pure. */
final class PodEndpoint {

    private PodEndpoint() {
    }

    /** Empty for a pod that has no address or has ended. */
    static Optional<Obj> of(Obj pod, Obj service) {
        String ip = pod.text("status", "podIP");
        String phase = pod.text("status", "phase");
        if (ip.isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return Optional.empty();
        }
        boolean tolerant = service.flag("spec", "publishNotReadyAddresses");
        boolean ready = ready(pod);
        boolean terminating = pod.deleting();
        Obj endpoint = Obj.of("addresses", java.util.List.of(ip),
                "conditions", Obj.of("ready", tolerant || ready && !terminating, "serving", ready || tolerant && !terminating, "terminating", terminating),
                "nodeName", pod.text("spec", "nodeName"),
                "targetRef", Obj.of("kind", "Pod", "namespace", pod.namespace(), "name", pod.name(), "uid", pod.uid()));
        String hostname = pod.text("spec", "hostname");
        if (!hostname.isEmpty() && pod.text("spec", "subdomain").equals(service.name())) {
            endpoint.put("hostname", hostname);
        }
        return Optional.of(endpoint);
    }

    private static boolean ready(Obj pod) {
        return pod.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"));
    }

    /** The port number that a Service port means on this pod; empty when a named port is not there. */
    static Optional<Long> port(Obj pod, Obj servicePort) {
        return switch (servicePort.get("targetPort")) {
            case Long n -> Optional.of(n);
            case String name -> pod.objects("spec", "containers").stream().flatMap(c -> c.objects("ports").stream())
                    .filter(p -> p.text("name").equals(name) && protocol(p).equals(protocol(servicePort)))
                    .map(p -> p.number("containerPort").orElse(0)).findFirst();
            case null, default -> Optional.of(servicePort.number("port").orElse(0));
        };
    }

    private static String protocol(Obj port) {
        return port.string("protocol").orElse("TCP");
    }
}
