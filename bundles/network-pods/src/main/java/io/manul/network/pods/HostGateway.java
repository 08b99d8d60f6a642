package io.manul.network.pods;

import io.manul.json.Obj;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Plain routes by way of the other node, which must be on the same network (flannel's host-gw). */
final class HostGateway implements Backend {

    private final Kernel kernel;
    private final Underlay underlay;

    HostGateway(Kernel kernel, Underlay underlay) {
        this.kernel = kernel;
        this.underlay = underlay;
    }

    @Override
    public String name() {
        return "host-gw";
    }

    @Override
    public Map<String, String> ensure(List<Cidr> own) {
        Map<String, String> said = new LinkedHashMap<>(Map.of(Family.BACKEND_TYPE, name(), Family.MANAGER, "true"));
        for (Cidr c : own) {
            Family f = Family.of(c.base());
            underlay.outside(f).ifPresent(a -> said.put(f.address(), a.getHostAddress()));
            said.put(f.data(), "null");
        }
        return said;
    }

    @Override
    public void add(List<Peer> peers) throws IOException, InterruptedException {
        kernel.change("ip", peers.stream().map(p -> "route replace " + p.cidr() + " via " + p.address().getHostAddress() + " dev " + underlay.device()
                + " proto " + Kernel.PROTOCOL).toList());
    }

    @Override
    public void remove(List<Peer> peers) throws IOException, InterruptedException {
        Set<String> there = ranges();
        kernel.change("ip", peers.stream().filter(p -> there.contains(p.cidr().toString()))
                .map(p -> "route del " + p.cidr() + " proto " + Kernel.PROTOCOL).toList());
    }

    private Set<String> ranges() throws IOException, InterruptedException {
        List<Obj> all = new ArrayList<>(kernel.routes(Family.V4));
        all.addAll(kernel.routes(Family.V6));
        return all.stream().map(r -> Cidr.text(r.text("dst"))).collect(Collectors.toSet());
    }

    @Override
    public void sweep(Set<Peer> kept) throws IOException, InterruptedException {
        Set<String> stay = kept.stream().map(p -> p.cidr().toString()).collect(Collectors.toSet());
        kernel.change("ip", ranges().stream().filter(r -> !stay.contains(r)).map(r -> "route del " + r + " proto " + Kernel.PROTOCOL).toList());
    }

    @Override
    public int mtu() {
        return underlay.mtu();
    }
}
