package io.manul.network.services;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real packets through real rules: a node, two pods on it, and a machine outside, each a network namespace. Needs root, nft, conntrack. */
@Timeout(120)
@Execution(ExecutionMode.SAME_THREAD)
class PacketsTest {

    private static final Key WEB = new Key("d", "web");
    private static Space node;
    private static final List<AutoCloseable> ALL = new ArrayList<>();
    private static Peer here;
    private static Peer a;
    private static Peer b;
    private static Peer outside;
    private static World world;

    @BeforeAll
    static void build() throws Exception {
        assumeTrue(Space.possible(), "needs root");
        node = keep(new Space("manul-pk-node"));
        node.run("""
                ip link add br0 type bridge && ip addr add 10.42.0.1/24 dev br0 && ip addr add fd42::1/64 dev br0 nodad && ip link set br0 up
                echo 0 > /proc/sys/net/ipv4/icmp_ratelimit; echo 0 > /proc/sys/net/ipv6/icmp/ratelimit
                echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet""");
        Space podA = pod("a", 2);
        Space podB = pod("b", 3);
        Space away = keep(new Space("manul-pk-away"));
        Tool.PROCESS.run("", "sh", "-c", """
                ip link add eth0 netns manul-pk-node type veth peer name eth0 netns manul-pk-away
                ip -n manul-pk-node addr add 192.0.2.1/24 dev eth0; ip -n manul-pk-node addr add 2001:db8::1/64 dev eth0 nodad; ip -n manul-pk-node link set eth0 up
                ip -n manul-pk-away addr add 192.0.2.9/24 dev eth0; ip -n manul-pk-away addr add 2001:db8::9/64 dev eth0 nodad; ip -n manul-pk-away link set eth0 up
                ip -n manul-pk-away route add default via 192.0.2.1; ip -n manul-pk-away route add default via 2001:db8::1
                ip -n manul-pk-node route add default via 192.0.2.9; ip -n manul-pk-node route add default via 2001:db8::9""");
        here = keep(new Peer(node, "node"));
        a = keep(new Peer(podA, "a"));
        b = keep(new Peer(podB, "b"));
        outside = keep(new Peer(away, "outside"));
        world = new World(node.tool);
        world.sync(List.of());
    }

    private static <T extends AutoCloseable> T keep(T thing) {
        ALL.add(thing);
        return thing;
    }

    private static Space pod(String name, int last) throws Exception {
        Space pod = keep(new Space("manul-pk-" + name));
        Tool.PROCESS.run("", "sh", "-c", """
                ip link add v@N@ netns manul-pk-node type veth peer name eth0 netns manul-pk-@N@
                ip -n manul-pk-node link set v@N@ master br0 up; ip -n manul-pk-node link set v@N@ type bridge_slave hairpin on
                ip -n manul-pk-@N@ addr add 10.42.0.@L@/24 dev eth0; ip -n manul-pk-@N@ addr add fd42::@L@/64 dev eth0 nodad; ip -n manul-pk-@N@ link set eth0 up
                ip -n manul-pk-@N@ route add default via 10.42.0.1; ip -n manul-pk-@N@ route add default via fd42::1"""
                .replace("@N@", name).replace("@L@", "" + last));
        return pod;
    }

    @AfterAll
    static void remove() throws Exception {
        for (AutoCloseable thing : ALL.reversed()) {
            thing.close();
        }
    }

    /** A Service with both families, port 80 on TCP and UDP, node port 30080. @param more of its spec */
    private static void service(String more, String... endpoints) throws Exception {
        Obj spec = World.json("{'type':'LoadBalancer','clusterIPs':['10.43.0.9','fd43::9'],'ports':[{'name':'t','port':80,'nodePort':30080,'protocol':'TCP'},"
                + "{'name':'u','port':80,'nodePort':30080,'protocol':'UDP'}]" + (more.isEmpty() ? "" : "," + more) + "}");
        world.services.put(WEB, Obj.of("metadata", Obj.of("name", "web", "namespace", "d", "creationTimestamp", "1"), "spec", spec, "status",
                World.json("{'loadBalancer':{'ingress':[{'ip':'192.0.2.1'},{'ip':'2001:db8::1'}]}}")));
        List<Obj> slices = new ArrayList<>();
        for (String type : List.of("IPv4", "IPv6")) {
            List<Obj> all = new ArrayList<>();
            for (String e : endpoints) {
                String ip = (type.equals("IPv4") ? "10.42.0." : "fd42::") + (e.startsWith("a") ? 2 : 3);
                boolean ends = e.endsWith("!");
                all.add(Obj.of("addresses", List.of(ip), "nodeName", e.contains("@") ? e.substring(2) : "here",
                        "conditions", Obj.of("ready", !ends, "serving", true, "terminating", ends)));
            }
            slices.add(Obj.of("addressType", type, "endpoints", all, "ports", List.of(Obj.of("name", "t", "port", 8080, "protocol", "TCP"),
                    Obj.of("name", "u", "port", 8080, "protocol", "UDP"))));
        }
        world.slices.put(WEB, slices);
        world.sync(List.of(WEB));
        new Flows(node.tool).forget(world.entry(WEB).plan().flows);
    }

    @ParameterizedTest
    @CsvSource({"tcp, 10.43.0.9, 10.42.0., 192.0.2.", "udp, 10.43.0.9, 10.42.0., 192.0.2.", "tcp, fd43::9, fd42::, 2001:db8::", "udp, fd43::9, fd42::, 2001:db8::"})
    void everyWayIn(String protocol, String ip, String pods, String net) throws Exception {
        service("", "a", "b");
        assertEquals("a " + pods + "1, b " + pods + "2", a.asks(30, protocol, ip, 80), "a pod: itself through the node, the other as itself");
        assertEquals("a " + pods + "1, b " + pods + "1", here.asks(30, protocol, ip, 80), "the node");
        assertEquals("a " + pods + "1, b " + pods + "1", outside.asks(30, protocol, ip, 80), "a route from outside");
        assertEquals("a " + pods + "1, b " + pods + "1", outside.asks(30, protocol, net + "1", 30080), "node port");
        assertEquals("a " + pods + "1, b " + pods + "1", outside.asks(30, protocol, net + "1", 80), "load balancer");
        assertEquals("a " + pods + "1, b " + pods + "1", a.asks(30, protocol, net + "1", 30080), "node port from a pod");
        if (!ip.contains(":")) {
            assertEquals("a " + pods + "1, b " + pods + "1", here.asks(30, protocol, "127.0.0.1", 30080), "node port on the loopback address");
        }
    }

    @ParameterizedTest
    @CsvSource({"tcp, 10.43.0.9, 192.0.2.", "udp, 10.43.0.9, 192.0.2.", "tcp, fd43::9, 2001:db8::", "udp, fd43::9, 2001:db8::"})
    void localTrafficKeepsItsSource(String protocol, String ip, String net) throws Exception {
        service("'externalTrafficPolicy':'Local'", "a", "b@there");
        assertEquals("a " + net + "9", outside.asks(10, protocol, net + "1", 30080));
        assertEquals("a " + net + "9", outside.asks(10, protocol, net + "1", 80));
        assertNotEquals(-1, here.asks(30, protocol, net + "1", 80).indexOf("b "), "the node itself reaches all");
        service("'externalTrafficPolicy':'Local'", "b@there");
        assertEquals("silence", outside.ask(protocol, net + "1", 80), "others have endpoints: the sender shall try them");
        assertEquals("b " + (ip.contains(":") ? "fd42::2" : "10.42.0.2"), a.ask(protocol, net + "1", 80), "pods reach all");
        service("'internalTrafficPolicy':'Local'", "b@there");
        assertEquals("silence", a.ask(protocol, ip, 80));
        service("'internalTrafficPolicy':'Local'", "a@there", "b");
        assertEquals("b " + (ip.contains(":") ? "fd42::2" : "10.42.0.2"), a.asks(10, protocol, ip, 80));
    }

    @ParameterizedTest
    @CsvSource({"tcp, 10.43.0.9, 192.0.2.1", "udp, 10.43.0.9, 192.0.2.1", "tcp, fd43::9, 2001:db8::1", "udp, fd43::9, 2001:db8::1"})
    void whatIsNotThereIsRefused(String protocol, String ip, String nodeIp) throws Exception {
        service("");
        for (Peer who : List.of(a, here, outside)) {
            assertEquals("refused", who.ask(protocol, ip, 80));
            assertEquals("refused", who.ask(protocol, nodeIp, 30080));
            assertEquals("refused", who.ask(protocol, nodeIp, 80));
        }
        assertEquals("refused", a.ask(protocol, ip, 81), "a port that the Service has not");
        assertEquals("silence", a.ask(protocol, ip.replace("9", "77"), 80), "an address that no Service has");
        service("", "a!");
        assertEquals("a", outside.ask(protocol, ip, 80).split(" ")[0], "who ends serves while no other does");
        service("", "a!", "b");
        assertEquals("b", b.asks(10, protocol, nodeIp, 30080).split(" ")[0]);
    }

    @ParameterizedTest
    @CsvSource({"tcp, 192.0.2.1, 192.0.2.0/24, 198.51.100.0/24", "udp, 2001:db8::1, 2001:db8::/64, 2001:db8:1::/64"})
    void sourceRangesAreForBalancersOnly(String protocol, String nodeIp, String in, String out) throws Exception {
        service("'loadBalancerSourceRanges':['" + in + "']", "a");
        assertEquals("a", outside.ask(protocol, nodeIp, 80).split(" ")[0]);
        service("'loadBalancerSourceRanges':['" + out + "','203.0.113.0/24','2001:db8:2::/64']", "a");
        assertEquals("silence", outside.ask(protocol, nodeIp, 80));
        assertEquals("a", outside.ask(protocol, nodeIp, 30080).split(" ")[0]);
    }

    @ParameterizedTest
    @CsvSource({"tcp, 10.43.0.9, 192.0.2.1", "udp, 10.43.0.9, 192.0.2.1", "tcp, fd43::9, 2001:db8::1", "udp, fd43::9, 2001:db8::1"})
    void aClientStaysWhereItIs(String protocol, String ip, String nodeIp) throws Exception {
        service("'sessionAffinity':'ClientIP'", "a", "b");
        String first = outside.ask(protocol, ip, 80);
        assertEquals(first, outside.asks(20, protocol, ip, 80));
        assertEquals(first, outside.asks(20, protocol, nodeIp, 30080), "by whichever address");
        String other = first.startsWith("a") ? "b" : "a";
        service("'sessionAffinity':'ClientIP'", other);
        assertEquals(other, outside.ask(protocol, nodeIp, 80).split(" ")[0]);
        service("'sessionAffinity':'ClientIP'", "a", "b");
        assertEquals(other, outside.asks(20, protocol, ip, 80).split(" ")[0], "and comes not back");
        service("'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':1}}", "a", "b");
        long end = System.nanoTime() + 60_000_000_000L;
        String now = outside.ask(protocol, ip, 80);
        while (outside.ask(protocol, ip, 80).equals(now) && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_200_000_000L); // the kernel's clock, not ours
        }
        assertNotEquals(true, System.nanoTime() > end, "the time-out passed, and the choice was free again");
    }

    @ParameterizedTest
    @CsvSource({"10.43.0.9, 192.0.2.1", "fd43::9, 2001:db8::1"})
    void udpFlowsFollowTheEndpoints(String ip, String nodeIp) throws Exception {
        service("", "a");
        assertEquals("a", outside.ask("udp", ip, 80, 5001).split(" ")[0]);
        assertEquals("a", outside.ask("udp", nodeIp, 30080, 5002).split(" ")[0]);
        assertEquals("a", b.ask("udp", ip, 80, 5003).split(" ")[0]);
        service("", "b");
        assertEquals("b", outside.ask("udp", ip, 80, 5001).split(" ")[0]);
        assertEquals("b", outside.ask("udp", nodeIp, 30080, 5002).split(" ")[0]);
        assertEquals("b", b.ask("udp", ip, 80, 5003).split(" ")[0]);
    }
}
