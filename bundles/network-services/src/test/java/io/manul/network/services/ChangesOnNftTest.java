package io.manul.network.services;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's tables after many changes hold what they hold when written whole, for Services of every shape. Needs root and nft. */
class ChangesOnNftTest {

    @BeforeAll
    static void root() {
        assumeTrue(Space.possible(), "needs root");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void changesAddUpToTheWhole(long seed) throws Exception {
        Random random = new Random(seed);
        try (Space a = new Space("manul-nft-a"); Space b = new Space("manul-nft-b")) {
            World world = new World(a.tool);
            world.sync(List.of());
            for (int step = 0; step < 25; step++) {
                Set<Key> changed = new HashSet<>();
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    changed.add(change(world, random));
                }
                world.sync(changed);
                if (step % 8 == 5) { // another version takes over
                    List<String> state = (world.tables.text() + world.ledger.text()).lines().toList();
                    World next = new World(a.tool);
                    assertTrue(next.tables.take(state));
                    next.ledger = Ledger.of(String.join("\n", state.subList(3, state.size())));
                    next.services.putAll(world.services);
                    next.slices.putAll(world.slices);
                    Set<Key> all = new HashSet<>(next.services.keySet());
                    all.addAll(next.ledger.keys());
                    next.sync(all);
                    world = next;
                }
            }
            World whole = new World(b.tool);
            whole.services.putAll(world.services);
            whole.sync(world.slicesInto(whole));
            for (Family f : Family.values()) {
                assertEquals(listed(b, f), listed(a, f), "seed " + seed);
            }
        }
    }

    private static Key change(World world, Random random) {
        int i = random.nextInt(8);
        Key key = new Key("d", "s" + i);
        if (random.nextInt(5) == 0) {
            world.services.remove(key);
            world.slices.remove(key);
            return key;
        }
        String type = List.of("ClusterIP", "NodePort", "LoadBalancer").get(random.nextInt(3));
        Obj spec = Obj.of("type", type, "clusterIPs", List.of("10.43.1." + i, "fd43::" + i), "internalTrafficPolicy", policy(random), "ports",
                List.of(Obj.of("name", "a", "port", 80, "protocol", "TCP", "nodePort", type.equals("ClusterIP") ? null : 30000 + i),
                        Obj.of("name", "b", "port", 80, "protocol", "UDP", "nodePort", type.equals("ClusterIP") ? null : 30000 + i)));
        if (!type.equals("ClusterIP")) {
            spec.put("externalTrafficPolicy", policy(random));
        }
        if (random.nextInt(3) == 0) {
            spec.put("externalIPs", List.of("192.0.2." + random.nextInt(3), "2001:db8::1"));
        }
        if (random.nextInt(3) == 0) {
            spec.put("sessionAffinity", "ClientIP").set(random.nextBoolean() ? 60 : 90, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
        }
        if (random.nextBoolean()) {
            spec.put("loadBalancerSourceRanges", List.of("198.51.100.0/24", "198.51.100.7/32", "2001:db8:1::/64"));
        }
        Obj status = type.equals("LoadBalancer") ? Obj.of("loadBalancer", Obj.of("ingress", List.of(Obj.of("ip", "192.0.2." + random.nextInt(3))))) : Obj.of();
        world.services.put(key, Obj.of("metadata", Obj.of("name", key.name(), "namespace", "d", "creationTimestamp", "2026-01-0" + (1 + random.nextInt(9))),
                "spec", spec, "status", status));
        world.slices.put(key, List.of(slice("IPv4", "10.42.0.", random), slice("IPv6", "fd42::", random)));
        return key;
    }

    private static String policy(Random random) {
        return random.nextBoolean() ? "Local" : "Cluster";
    }

    private static Obj slice(String type, String prefix, Random random) {
        List<Obj> endpoints = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            endpoints.add(Obj.of("addresses", List.of(prefix + (1 + random.nextInt(9))), "nodeName", random.nextBoolean() ? "here" : "there",
                    "conditions", Obj.of("ready", random.nextInt(4) > 0, "serving", true, "terminating", random.nextBoolean())));
        }
        return Obj.of("addressType", type, "endpoints", endpoints, "ports", List.of(Obj.of("name", "a", "port", 8080, "protocol", "TCP"),
                Obj.of("name", "b", "port", 8081, "protocol", "UDP")));
    }

    /** The table with sorted lines, without the shared chains (they stay) and those that wait for their end. */
    private static String listed(Space space, Family family) throws Exception {
        String text = space.tool.run("", "nft", "-s", "list", "table", family.ip, "t");
        text = text.replaceAll("(?m)^\tchain (tcp|udp|sctp)-[nxlNXL][0-9-]+ \\{\n([^}]*\n)*?\t\\}\n", "").replaceAll("(?m)^\tchain [a-z]+-[0-9a-z-]+ \\{\n\t\\}\n", "");
        return text.lines().flatMap(l -> Arrays.stream(l.split(",|elements = "))).map(l -> l.replaceAll("[{}]", "").strip())
                .filter(l -> !l.isEmpty()).sorted().reduce("", (a, b) -> a + "\n" + b);
    }
}
