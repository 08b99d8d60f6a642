package io.manul.network.loadbalancer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LbPlanTest {

    /** Nodes as {@code name[:enablelb[:pool]]}; a name in capitals is not ready, one with ! is tainted. */
    private static List<LbNode> nodes(String list) {
        return java.util.Arrays.stream(list.split(" ")).map(n -> {
            String[] p = n.split(":");
            String name = p[0].replace("!", "");
            Obj labels = Obj.of();
            if (p.length > 1) {
                labels.put(LbNode.ENABLE, p[1]);
            }
            if (p.length > 2) {
                labels.put(LbNode.POOL, p[2]);
            }
            return LbNode.of(Obj.of("metadata", Obj.of("name", name, "labels", labels),
                    "spec", Obj.of("taints", List.of(Obj.of("key", p[0].contains("!") ? "gpu" : "node-role.kubernetes.io/control-plane", "effect", "NoSchedule"))),
                    "status", Obj.of("conditions", List.of(Obj.of("type", "Ready", "status", name.equals(name.toLowerCase()) ? "True" : "Unknown")))));
        }).toList();
    }

    private static Obj service(String name, int port, String pool) {
        return Obj.of("metadata", Obj.of("name", name, "namespace", "d", "creationTimestamp", "2026", "labels", pool.isEmpty() ? null : Obj.of(LbNode.POOL, pool)),
                "spec", Obj.of("type", "LoadBalancer", "ports", List.of(Obj.of("port", port, "protocol", "TCP"))));
    }

    private static String places(String nodes, Obj... services) {
        StringBuilder text = new StringBuilder();
        new LbPlan(nodes(nodes), Map.of("TCP/6443", "the API server")).places(List.of(services))
                .forEach((key, place) -> text.append(key.name()).append(place.nodes()).append(place.taken()).append(' '));
        return text.toString().strip();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a b|''|s[a, b]", "a B|''|s[a]", "a b!|''|s[a]", "a:true b|''|s[a]", "a:false b|''|s[]",
        "a:true:x b:true:y|x|s[a]", "a:true:x b:true:y|''|s[a, b]", "a b|x|s[a, b]"})
    void nodes(String nodes, String pool, String expected) {
        assertEquals(expected, places(nodes, service("s", 80, pool)));
    }

    @Test
    void aPortIsTheOldestsOnEachNode() {
        assertEquals("s[a, b] t[]port TCP/80 of node a is Service d/s's, TCP/80 of node b is Service d/s's u[a, b]",
                places("a b", service("t", 80, ""), service("s", 80, ""), service("u", 81, "")));
        assertEquals("s[a] t[b]", places("a:true:x b:true:y", service("t", 80, "y"), service("s", 80, "x")));
    }

    @Test
    void theNodesOwnPortsAreNotGiven() {
        assertEquals("s[]port TCP/6443 of every node is the API server's; use another port", places("a", service("s", 6443, "")));
    }

    @Test
    void anotherClassIsAnothersBusiness() {
        Obj service = service("s", 80, "").set("metallb", "spec", "loadBalancerClass");
        assertEquals(Map.of(), new LbPlan(nodes("a"), Map.of()).places(List.of(service)));
        assertEquals("d/s", Key.of(service).toString());
    }

    @Test
    void externalAddressesComeFirstAndFamiliesInOrder() {
        Obj dual = Obj.of("spec", Obj.of("ipFamilies", List.of("IPv6", "IPv4")));
        LbNode a = new LbNode("a", true, "", "", List.of(), List.of("10.0.0.1", "fd00::1"));
        LbNode b = new LbNode("b", true, "", "", List.of("192.0.2.1"), List.of("10.0.0.2"));
        assertEquals(List.of("fd00::1", "10.0.0.1"), LbPlan.addresses(dual, List.of(a)));
        assertEquals(List.of("192.0.2.1"), LbPlan.addresses(dual, List.of(a, b)));
    }
}
