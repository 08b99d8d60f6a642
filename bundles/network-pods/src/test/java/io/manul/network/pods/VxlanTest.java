package io.manul.network.pods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told to iproute2 and nft, for nodes as flannel writes them. */
class VxlanTest {

    private final List<String> said = new ArrayList<>();
    private final Tool tool = (input, command) -> {
        said.addAll(input.isBlank() ? List.of() : input.lines().map(l -> command[0] + " " + l).toList());
        return input.isBlank() ? "[]" : "";
    };
    private final Underlay underlay = new Underlay("eth0", 1500, List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")),
            List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")));

    private static Obj node(String type) {
        return Obj.of("metadata", Obj.of("name", "b", "annotations", Obj.of("flannel.alpha.coreos.com/backend-type", type,
                "flannel.alpha.coreos.com/public-ip", "192.0.2.2", "flannel.alpha.coreos.com/public-ipv6", "2001:db8::2",
                "flannel.alpha.coreos.com/backend-data", "{\"VNI\":1,\"VtepMAC\":\"de:ad:be:ef:00:02\"}",
                "flannel.alpha.coreos.com/backend-v6-data", "{\"VNI\":1,\"VtepMAC\":\"de:ad:be:ef:00:06\"}")),
                "spec", Obj.of("podCIDRs", List.of("10.42.2.0/24", "fd42:0:0:2::/64")));
    }

    @Test
    void bothFamiliesOfAFlannelNode() throws Exception {
        List<Peer> peers = Peer.of(node("vxlan"), "vxlan");
        new Vxlan(new Kernel(tool), underlay, "a").add(peers);
        assertEquals(List.of("bridge fdb replace de:ad:be:ef:00:02 dev flannel.1 dst 192.0.2.2 self permanent",
                "bridge fdb replace de:ad:be:ef:00:06 dev flannel-v6.1 dst 2001:db8:0:0:0:0:0:2 self permanent",
                "ip neigh replace 10.42.2.0 lladdr de:ad:be:ef:00:02 dev flannel.1 nud permanent",
                "ip route replace 10.42.2.0/24 via 10.42.2.0 dev flannel.1 onlink proto 76",
                "ip neigh replace fd42:0:0:2:0:0:0:0 lladdr de:ad:be:ef:00:06 dev flannel-v6.1 nud permanent",
                "ip route replace fd42:0:0:2:0:0:0:0/64 via fd42:0:0:2:0:0:0:0 dev flannel-v6.1 onlink proto 76"), said);
    }

    @Test
    void itsOwnEndIsMadeAndAnnounced() throws Exception {
        Map<String, String> announced = new Vxlan(new Kernel(tool), underlay, "a").ensure(Cidr.list("10.42.1.0/24"));
        String mac = Vxlan.mac("a", Family.V4);
        assertTrue(said.contains("ip link add flannel.1 address " + mac + " mtu 1450 type vxlan id 1 local 192.0.2.1 dev eth0 dstport 8472 nolearning"), said.toString());
        assertTrue(said.contains("ip addr replace 10.42.1.0/32 dev flannel.1"), said.toString());
        assertEquals("{\"VNI\":1,\"VtepMAC\":\"" + mac + "\"}", announced.get("flannel.alpha.coreos.com/backend-data"));
        assertEquals("192.0.2.1", announced.get("flannel.alpha.coreos.com/public-ip"));
        assertEquals(mac, Vxlan.mac("a", Family.V4), "the same after a reboot");
        assertEquals(2, Integer.parseInt(mac.substring(0, 2), 16) & 3, "locally administered, of one station: " + mac);
    }

    @Test
    void plainRoutesByTheOtherNode() throws Exception {
        new HostGateway(new Kernel(tool), underlay).add(Peer.of(node("host-gw"), "host-gw"));
        assertEquals("ip route replace 10.42.2.0/24 via 192.0.2.2 dev eth0 proto 76", said.getFirst());
    }

    @Test
    void aNodeThatSaysTooLittleOrNonsenseIsNoPeerYet() {
        assertEquals(List.of(), Peer.of(node("vxlan"), "host-gw"));
        Obj none = node("vxlan");
        none.at("metadata", "annotations").put("flannel.alpha.coreos.com/public-ip", "example.com; reboot");
        none.at("metadata", "annotations").put("flannel.alpha.coreos.com/backend-v6-data", "{\"VtepMAC\":\"x\"}");
        assertEquals(List.of(), Peer.of(none, "vxlan"));
        assertEquals(List.of(), Peer.of(node("vxlan").set(List.of("10.42.0.0/24\nroute del default"), "spec", "podCIDRs"), "vxlan"));
    }

    @Test
    void packetsBetweenPodsKeepTheirSenders() {
        String text = Masquerade.text(Cidr.list("10.42.0.0/16,fd42::/56"), Cidr.list("10.42.1.0/24,fd42:0:0:1::/64"), false);
        List<String> rules = text.lines().map(String::strip).filter(l -> l.startsWith("ip")).toList();
        assertEquals(List.of("ip saddr != 10.42.0.0/16 ip daddr 10.42.1.0/24 return", "ip saddr 10.42.0.0/16 ip daddr 10.42.0.0/16 return",
                "ip saddr 10.42.0.0/16 ip daddr != 224.0.0.0/4 masquerade fully-random",
                "ip saddr != 10.42.0.0/16 ip daddr 10.42.0.0/16 masquerade fully-random"), rules);
        assertFalse(text.contains("ip6"), "IPv6 is routed unless it is asked for");
    }
}
