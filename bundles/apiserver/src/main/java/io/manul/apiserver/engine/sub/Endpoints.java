package io.manul.apiserver.engine.sub;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Addresses behind a pod's or a Service's proxy. */
final class Endpoints {

    private static final String OF_SERVICE = "kubernetes.io/service-name";

    private final Reader reader;
    private final Reach reach;

    Endpoints(Reader reader, Reach reach) {
        this.reader = reader;
        this.reach = reach;
    }

    Proxy.Target pod(Obj pod, Named named) throws ApiException {
        String ip = pod.text("status", "podIP");
        if (ip.isEmpty()) {
            throw ApiException.badRequest("address not allowed");
        }
        int port = named.port().isEmpty() ? firstPort(pod).orElse(named.tls() ? 443 : 80) : named.number();
        return new Proxy.Target(named.tls(), reach.address(ip, port));
    }

    /** Without a port in the request: the first that a container declares. */
    private static Optional<Integer> firstPort(Obj pod) {
        return pod.objects("spec", "containers").stream().flatMap(c -> c.objects("ports").stream()).findFirst()
                .map(p -> (int) p.number("containerPort").orElse(80));
    }

    Proxy.Target service(Obj service, Named named) throws ApiException {
        String port = portName(service, named);
        List<Proxy.Target> all = new ArrayList<>();
        for (Obj slice : reader.list("discovery.k8s.io", "endpointslices", service.namespace())) {
            if (service.name().equals(slice.labels().get(OF_SERVICE))) {
                add(all, slice, port, named);
            }
        }
        if (all.isEmpty()) {
            throw ApiException.unavailable("no endpoints available for service \"" + named.name() + "\"");
        }
        return all.get(ThreadLocalRandom.current().nextInt(all.size()));
    }

    private void add(List<Proxy.Target> all, Obj slice, String port, Named named) throws ApiException {
        for (Obj p : slice.objects("ports")) {
            if (p.text("name").equals(port) && p.has("port")) {
                for (Obj endpoint : slice.objects("endpoints")) {
                    boolean ready = !endpoint.has("conditions", "ready") || endpoint.flag("conditions", "ready");
                    if (ready && !endpoint.strings("addresses").isEmpty()) {
                        all.add(new Proxy.Target(named.tls(), reach.address(endpoint.strings("addresses").getFirst(),
                                (int) p.number("port").orElseThrow())));
                    }
                }
            }
        }
    }

    /** A number is the Service's own port, whose name the endpoints carry. */
    private static String portName(Obj service, Named named) throws ApiException {
        if (!named.port().chars().allMatch(Character::isDigit) || named.port().isEmpty()) {
            return named.port();
        }
        return service.objects("spec", "ports").stream().filter(p -> Long.toString(p.number("port").orElse(0)).equals(named.port())).findFirst()
                .map(p -> p.text("name")).orElseThrow(() -> ApiException.unavailable("no service port " + named.port()
                        + " found for service \"" + named.name() + "\""));
    }
}
