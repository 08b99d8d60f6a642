package io.manul.network.ingress;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The pods behind a port of a Service, from its EndpointSlices: those that are ready, else those that end and still serve. */
final class Endpoints {

    private Endpoints() {
    }

    /** The port of a Service by number or name. */
    static Optional<Obj> port(Obj service, String port) {
        return service.objects("spec", "ports").stream()
                .filter(p -> p.text("name").equals(port) || Long.toString(p.number("port").orElse(-1)).equals(port)).findFirst();
    }

    static SortedSet<Pod> of(Obj servicePort, List<Obj> slices) {
        SortedSet<Pod> ready = new TreeSet<>();
        SortedSet<Pod> ending = new TreeSet<>();
        for (Obj slice : slices) {
            if (slice.text("addressType").equals("FQDN")) {
                continue;
            }
            slice.objects("ports").stream().filter(p -> p.text("name").equals(servicePort.text("name"))).map(p -> p.number("port"))
                    .filter(p -> p.isPresent()).findFirst().ifPresent(port -> slice.objects("endpoints").forEach(e -> {
                        Obj c = e.at("conditions");
                        // an absent condition counts as true (discovery.k8s.io/v1 EndpointConditions)
                        boolean isReady = c.has("ready") ? c.flag("ready") : true;
                        boolean serves = c.has("serving") ? c.flag("serving") : isReady;
                        if (isReady || serves && c.flag("terminating")) {
                            e.strings("addresses").forEach(ip -> (isReady ? ready : ending).add(new Pod(ip, (int) port.getAsLong())));
                        }
                    }));
        }
        return ready.isEmpty() ? ending : ready;
    }
}
