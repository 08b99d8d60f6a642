package io.manul.network.pods;

import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another node's pods of one family: where they are, and how to get there.
 *
 * @param mac of its end of the overlay; empty without one (host-gw)
 */
record Peer(Family family, String node, Cidr cidr, InetAddress address, String mac) {

    /** What a Node says; empty while it has not said all of it. @param backend {@code vxlan} or {@code host-gw} */
    static List<Peer> of(Obj node, String backend) {
        List<Peer> all = new ArrayList<>();
        if (!node.annotations().getOrDefault(Family.BACKEND_TYPE, "").equals(backend)) {
            return all;
        }
        for (Cidr cidr : cidrs(node)) {
            Family family = Family.of(cidr.base());
            Optional<InetAddress> address = literal(node.annotations().getOrDefault(family.address(), ""));
            String mac = mac(node.annotations().getOrDefault(family.data(), ""));
            if (address.isPresent() && (!mac.isEmpty() || !backend.equals("vxlan"))) {
                all.add(new Peer(family, node.name(), cidr, address.get(), mac));
            }
        }
        return all;
    }

    static List<Cidr> cidrs(Obj node) {
        List<String> all = node.strings("spec", "podCIDRs");
        String text = all.isEmpty() ? node.text("spec", "podCIDR") : String.join(",", all);
        try {
            return text.isEmpty() ? List.of() : Cidr.list(text);
        } catch (IllegalArgumentException e) {
            return List.of(); // a Node that somebody wrote by hand
        }
    }

    static Optional<InetAddress> literal(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String mac(String data) {
        try {
            String mac = data.isEmpty() ? "" : Obj.parse(data).text("VtepMAC");
            return mac.matches("([0-9a-f]{2}:){5}[0-9a-f]{2}") ? mac : "";
        } catch (JsonException e) {
            return "";
        }
    }

    /** The node's own address in the overlay: the first of its range. */
    String gateway() {
        return cidr.base().getHostAddress();
    }

    Obj save() {
        return Obj.of("node", node, "cidr", cidr.toString(), "address", address.getHostAddress(), "mac", mac);
    }

    static Optional<Peer> load(Obj o) {
        try {
            Cidr cidr = Cidr.list(o.text("cidr")).getFirst();
            return Optional.of(new Peer(Family.of(cidr.base()), o.text("node"), cidr, InetAddress.ofLiteral(o.text("address")), o.text("mac")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
