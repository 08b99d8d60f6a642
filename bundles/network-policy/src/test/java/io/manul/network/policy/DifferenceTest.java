package io.manul.network.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.client.Key;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** After any changes the table is what it would be had it been written whole. {@code -Dseed=N} replays. */
@Timeout(120)
class DifferenceTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final String[] SELECTORS = {"{}", "{\"matchLabels\":{\"app\":\"0\"}}", "{\"matchLabels\":{\"app\":\"1\"}}",
        "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"NotIn\",\"values\":[\"0\"]}]}"};
    private static final String[] PORTS = {"{\"port\":80}", "{\"port\":\"web\"}", "{\"protocol\":\"UDP\",\"port\":50,\"endPort\":60}", "{\"protocol\":\"SCTP\"}",
        "{\"port\":\"web\",\"protocol\":\"UDP\"}"};

    private final Random random = new Random(SEED);

    @Test
    void inSteps() throws Exception {
        Assumptions.assumeTrue(PacketBed.possible(), "needs root and nft");
        World world = new World();
        Script script = new Script();
        World fresh = new World();
        Pending all = new Pending();
        try (PacketBed one = new PacketBed(); PacketBed other = new PacketBed()) {
            for (int i = 0; i < 60; i++) {
                Pending news = new Pending();
                for (int n = random.nextInt(1, 6); n > 0; n--) {
                    change(news);
                }
                world.take(news);
                keep(all, news);
                String text = script.to(world);
                if (!text.isEmpty()) {
                    one.tool().run(text, "nft", "-f", "-");
                }
                script.written(world);
                if (i % 6 == 5) {
                    fresh = new World();
                    fresh.take(all);
                    other.tool().run(new Script().to(fresh), "nft", "-f", "-");
                    assertEquals(table(other), table(one), "-Dseed=" + SEED + " step " + i);
                }
            }
        }
    }

    private void change(Pending p) {
        Key key = new Key("n" + random.nextInt(3), "o" + random.nextInt(8));
        switch (random.nextInt(8)) {
            case 0 -> p.namespaces.put(key.namespace(), Optional.of(Map.of("app", Integer.toString(random.nextInt(3)))));
            case 1, 2 -> p.policies.put(key, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(policy(key)));
            case 3 -> p.pods.put(key, Optional.empty());
            default -> p.pods.put(key, Optional.of(pod(key)));
        }
    }

    private PodEntry pod(Key key) {
        int number = key.hashCode() & 0xff;
        List<String> ips = new ArrayList<>(List.of("10.0." + random.nextInt(2) + "." + number));
        if (random.nextInt(5) == 0) {
            ips.add("fd00::" + Integer.toHexString(number));
        }
        return new PodEntry(key, "u" + random.nextInt(2) + key, Map.of("app", Integer.toString(random.nextInt(3))), random.nextBoolean(), List.of(), List.of(),
                random.nextBoolean() ? List.of(new PodEntry.Named("web", random.nextBoolean() ? "tcp" : "udp", 8000 + random.nextInt(3))) : List.of()).at(ips);
    }

    private Policy policy(Key key) {
        Obj spec = Obj.of("podSelector", Json.parse(SELECTORS[random.nextInt(4)]));
        for (String[] d : new String[][] {{"ingress", "from"}, {"egress", "to"}}) {
            if (random.nextBoolean()) {
                List<Object> rules = new ArrayList<>();
                for (int n = random.nextInt(3); n > 0; n--) {
                    rules.add(rule(d[1]).map());
                }
                spec.put(d[0], rules);
            }
        }
        return Policy.of(Obj.of("metadata", Obj.of("name", key.name(), "namespace", key.namespace(), "generation", random.nextInt(100)), "spec", spec));
    }

    private Obj rule(String side) {
        Obj rule = Obj.of();
        List<Object> peers = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            Obj peer = Obj.of();
            switch (random.nextInt(4)) {
                case 0 -> peer.put("podSelector", Json.parse(SELECTORS[random.nextInt(4)]));
                case 1 -> peer.put("namespaceSelector", Json.parse(SELECTORS[random.nextInt(4)]));
                case 2 -> peer.put("podSelector", Json.parse(SELECTORS[random.nextInt(4)])).put("namespaceSelector", Json.parse(SELECTORS[random.nextInt(4)]));
                default -> peer.put("ipBlock", random.nextBoolean() ? Obj.of("cidr", "10.0.0.0/8", "except", List.of("10.1.0.0/16", "10.1.2.0/24"))
                        : Obj.of("cidr", "::/0", "except", List.of("fd00::/8")));
            }
            peers.add(peer.map());
        }
        List<Object> ports = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            ports.add(Json.parse(PORTS[random.nextInt(PORTS.length)]));
        }
        return rule.put(side, peers.isEmpty() ? null : peers).put("ports", ports.isEmpty() ? null : ports);
    }

    private static void keep(Pending all, Pending news) {
        all.namespaces.putAll(news.namespaces);
        all.policies.putAll(news.policies);
        all.pods.putAll(news.pods);
    }

    /** Everything in the table, in an order of its own. */
    private static TreeSet<String> table(PacketBed bed) throws Exception {
        Process p = bed.start("node", "nft", "-j", "list", "table", "inet", "manul-policy");
        Obj all = Obj.parse(new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        TreeSet<String> out = new TreeSet<>();
        for (Obj o : all.objects("nftables")) {
            for (String kind : List.of("set", "map")) {
                o.object(kind).ifPresent(s -> {
                    ((List<?>) (s.get("elem") == null ? List.of() : s.get("elem"))).forEach(e -> out.add(s.text("name") + ": " + Json.text(e)));
                    s.remove("elem");
                });
            }
            o.map().values().forEach(v -> Obj.from(v).ifPresent(x -> x.remove("handle")));
            out.add(o.toString());
        }
        return out;
    }
}
