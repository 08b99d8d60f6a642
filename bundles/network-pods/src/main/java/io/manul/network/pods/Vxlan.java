package io.manul.network.pods;

import io.manul.json.Obj;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An overlay (RFC 7348) as flannel wires it: network 1, port 8472, no learning; for each other node its range by its end, that
 * end's link address, and where that is. The link address of this end follows from the node's name, so that it is the same after
 * a reboot without a server.
 */
final class Vxlan implements Backend {

    private static final int NETWORK = 1;
    private static final int PORT = 8472;

    private final Kernel kernel;
    private final Underlay underlay;
    private final String node;

    Vxlan(Kernel kernel, Underlay underlay, String node) {
        this.kernel = kernel;
        this.underlay = underlay;
        this.node = node;
    }

    @Override
    public String name() {
        return "vxlan";
    }

    @Override
    public int mtu() {
        return underlay.mtu() - (underlay.own(Family.V6).isPresent() && underlay.own(Family.V4).isEmpty() ? Family.V6 : Family.V4).overhead();
    }

    /** Locally administered, not a group's (IEEE 802, section 8.2). */
    static String mac(String node, Family family) {
        try {
            byte[] h = MessageDigest.getInstance("SHA-256").digest((node + "/" + family).getBytes(StandardCharsets.UTF_8));
            return String.format(Locale.ROOT, "%02x:%02x:%02x:%02x:%02x:%02x", h[0] & 0xfc | 2, h[1] & 0xff, h[2] & 0xff, h[3] & 0xff, h[4] & 0xff, h[5] & 0xff);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256 in this JDK", e);
        }
    }

    @Override
    public Map<String, String> ensure(List<Cidr> own) throws IOException, InterruptedException {
        Map<String, String> said = new LinkedHashMap<>(Map.of(Family.BACKEND_TYPE, name(), Family.MANAGER, "true"));
        for (Cidr c : own) {
            Family f = Family.of(c.base());
            Optional<InetAddress> local = underlay.own(f);
            if (local.isEmpty()) {
                throw new IOException("interface " + underlay.device() + " has no " + f + " address, which the pods' range " + c + " needs; look at --node-ip and --flannel-iface");
            }
            device(f, local.get(), c);
            said.put(f.address(), underlay.outside(f).orElse(local.get()).getHostAddress());
            said.put(f.data(), Obj.of("VNI", NETWORK, "VtepMAC", mac(node, f)).toString());
        }
        return said;
    }

    private void device(Family f, InetAddress local, Cidr own) throws IOException, InterruptedException {
        int mtu = underlay.mtu() - f.overhead();
        List<Obj> there = kernel.link(f.device());
        if (!there.isEmpty() && !fits(there.getFirst(), f, local, mtu)) {
            kernel.change("ip", List.of("link del " + f.device()));
            there = List.of();
        }
        List<String> lines = new ArrayList<>();
        if (there.isEmpty()) {
            lines.add("link add " + f.device() + " address " + mac(node, f) + " mtu " + mtu + " type vxlan id " + NETWORK + " local " + local.getHostAddress()
                    + " dev " + underlay.device() + " dstport " + PORT + " nolearning");
        }
        lines.add("addr replace " + own.base().getHostAddress() + (own.six() ? "/128" : "/32") + " dev " + f.device());
        lines.add("link set " + f.device() + " up");
        kernel.change("ip", lines);
        kernel.change("ip", kernel.show("ip", f.flag(), "-j", "addr", "show", "dev", f.device()).stream().flatMap(d -> d.objects("addr_info").stream())
                .filter(a -> a.text("scope").equals("global") && !InetAddress.ofLiteral(a.text("local")).equals(own.base()))
                .map(a -> "addr del " + a.text("local") + "/" + a.number("prefixlen").orElse(0) + " dev " + f.device()).toList());
    }

    private boolean fits(Obj link, Family f, InetAddress local, int mtu) {
        Obj data = link.at("linkinfo", "info_data");
        return link.text("linkinfo", "info_kind").equals("vxlan") && data.number("id").orElse(0) == NETWORK && data.number("port").orElse(0) == PORT
                && data.text("link").equals(underlay.device()) && link.text("address").equals(mac(node, f)) && link.number("mtu").orElse(0) == mtu
                && Peer.literal(data.text(f == Family.V6 ? "local6" : "local")).filter(local::equals).isPresent();
    }

    @Override
    public void add(List<Peer> peers) throws IOException, InterruptedException {
        kernel.change("bridge", peers.stream().map(p -> "fdb replace " + p.mac() + " dev " + p.family().device() + " dst " + p.address().getHostAddress()
                + " self permanent").toList());
        List<String> lines = new ArrayList<>();
        for (Peer p : peers) {
            lines.add("neigh replace " + p.gateway() + " lladdr " + p.mac() + " dev " + p.family().device() + " nud permanent");
            lines.add("route replace " + p.cidr() + " via " + p.gateway() + " dev " + p.family().device() + " onlink proto " + Kernel.PROTOCOL);
        }
        kernel.change("ip", lines);
    }

    @Override
    public void remove(List<Peer> peers) throws IOException, InterruptedException {
        for (Family f : Family.values()) {
            Set<String> ranges = peers.stream().filter(p -> p.family() == f).map(p -> p.cidr().toString()).collect(Collectors.toSet());
            Set<String> gateways = peers.stream().filter(p -> p.family() == f).map(Peer::gateway).collect(Collectors.toSet());
            Set<String> macs = peers.stream().filter(p -> p.family() == f).map(Peer::mac).collect(Collectors.toSet());
            if (!ranges.isEmpty() && !kernel.link(f.device()).isEmpty()) {
                sweep(f, r -> ranges.contains(r), gateways::contains, macs::contains);
            }
        }
    }

    private interface Gone {
        boolean test(String what);
    }

    @Override
    public void sweep(Set<Peer> kept) throws IOException, InterruptedException {
        for (Family f : Family.values()) {
            if (!kernel.link(f.device()).isEmpty()) {
                Set<String> stay = new HashSet<>();
                kept.stream().filter(p -> p.family() == f).forEach(p -> stay.addAll(List.of(p.cidr().toString(), p.gateway(), p.mac())));
                sweep(f, r -> !stay.contains(r), g -> !stay.contains(g), m -> !stay.contains(m));
            }
        }
    }

    private void sweep(Family f, Gone range, Gone gateway, Gone mac) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        kernel.routes(f).stream().filter(r -> r.text("dev").equals(f.device())).map(r -> Cidr.text(r.text("dst"))).filter(range::test)
                .forEach(r -> lines.add("route del " + r + " dev " + f.device()));
        kernel.show("ip", f.flag(), "-j", "neigh", "show", "dev", f.device(), "nud", "permanent").stream()
                .map(n -> InetAddress.ofLiteral(n.text("dst")).getHostAddress()).filter(gateway::test)
                .forEach(n -> lines.add("neigh del " + n + " dev " + f.device()));
        kernel.change("ip", lines);
        kernel.change("bridge", kernel.show("bridge", "-j", "fdb", "show", "dev", f.device()).stream().filter(e -> !e.text("dst").isEmpty())
                .filter(e -> mac.test(e.text("mac"))).map(e -> "fdb del " + e.text("mac") + " dev " + f.device() + " dst " + e.text("dst") + " self").toList());
    }
}
