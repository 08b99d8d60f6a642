package io.manul.network.services;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Reads a Service port's endpoints out of its EndpointSlices. Pure. */
final class Endpoints {

    private final String nodeName;

    Endpoints(String nodeName) {
        this.nodeName = nodeName;
    }

    /** In order of address; one that is in two slices while it moves counts once, ready if it is in one of them. */
    List<Endpoint> of(List<Obj> slices, Family family, String port, String protocol) {
        TreeMap<String, Endpoint> all = new TreeMap<>();
        for (Obj slice : slices) {
            if (slice.deleting() || !slice.text("addressType").equals(family.api)) {
                continue;
            }
            for (Obj p : slice.objects("ports")) {
                if (p.text("name").equals(port) && p.string("protocol").orElse("TCP").equals(protocol) && p.number("port").isPresent()) {
                    add(slice, (int) p.number("port").getAsLong(), all);
                }
            }
        }
        List<Endpoint> list = new ArrayList<>(all.values());
        list.sort(null);
        return list;
    }

    private void add(Obj slice, int port, TreeMap<String, Endpoint> all) {
        for (Obj e : slice.objects("endpoints")) {
            List<String> addresses = e.strings("addresses");
            if (!addresses.isEmpty()) {
                Obj c = e.at("conditions");
                boolean ready = !Boolean.FALSE.equals(c.get("ready"));
                boolean serving = c.has("serving") ? c.flag("serving") : ready;
                Endpoint one = new Endpoint(addresses.getFirst(), port, e.text("nodeName").equals(nodeName), ready,
                        !ready && serving && c.flag("terminating"), names(e.objects("hints", "forZones")), names(e.objects("hints", "forNodes")));
                all.merge(one.target(), one, (a, b) -> a.ready() ? a : b);
            }
        }
    }

    private static List<String> names(List<Obj> hints) {
        return hints.stream().map(h -> h.text("name")).toList();
    }
}
