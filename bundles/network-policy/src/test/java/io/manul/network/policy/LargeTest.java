package io.manul.network.policy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 10,000 pods in 100 namespaces, two policies in each: what the first table and what one pod costs. */
@Timeout(120)
class LargeTest {

    private static final int PODS = 10_000;

    @Test
    void onePodTouchesItsElementsOnly() throws Exception {
        Assumptions.assumeTrue(PacketBed.possible(), "needs root and nft");
        try (PacketBed bed = new PacketBed()) {
            World world = new World();
            Script script = new Script();
            Pending first = new Pending();
            for (int n = 0; n < 100; n++) {
                String ns = "n" + n;
                first.namespaces.put(ns, Optional.of(Map.of("kubernetes.io/metadata.name", ns, "team", "t" + n % 10)));
                Worlds.policy(first, "{\"metadata\":{\"name\":\"a\",\"namespace\":\"" + ns + "\"},\"spec\":{\"podSelector\":{\"matchLabels\":{\"app\":\"a0\"}},\"ingress\":"
                        + "[{\"from\":[{\"podSelector\":{\"matchLabels\":{\"app\":\"a1\"}}},{\"namespaceSelector\":{\"matchLabels\":{\"team\":\"t" + n % 10
                        + "\"}}}],\"ports\":[{\"port\":80}]}]}}");
                Worlds.policy(first, "{\"metadata\":{\"name\":\"deny\",\"namespace\":\"" + ns + "\"},\"spec\":{\"podSelector\":{},\"policyTypes\":[\"Ingress\",\"Egress\"]}}");
            }
            for (int i = 0; i < PODS; i++) {
                PodEntry p = pod(i);
                first.pods.put(p.key(), Optional.of(p));
            }
            long start = System.nanoTime();
            world.take(first);
            String text = script.to(world);
            long computed = System.nanoTime();
            bed.tool().run(text, "nft", "-f", "-");
            script.written(world);
            long loaded = System.nanoTime();
            List<Long> took = new ArrayList<>();
            int octets = 0;
            for (int i = 0; i < 20; i++) {
                Pending one = new Pending();
                PodEntry p = pod(PODS + i);
                one.pods.put(p.key(), Optional.of(p));
                long from = System.nanoTime();
                world.take(one);
                String change = script.to(world);
                octets = Math.max(octets, change.length());
                bed.tool().run(change, "nft", "-f", "-");
                script.written(world);
                took.add((System.nanoTime() - from) / 1000);
            }
            took.sort(null);
            System.out.println("pods=" + PODS + " policies=200 compute_ms=" + (computed - start) / 1_000_000 + " load_ms=" + (loaded - computed) / 1_000_000
                    + " one_pod_us_median=" + took.get(10) + " most=" + took.getLast() + " one_pod_octets=" + octets);
            assertTrue(octets < 2000, "a change of one pod is " + octets + " octets of script");
            assertTrue(took.get(10) < 1_000_000, "us " + took);
        }
    }

    private static PodEntry pod(int i) {
        Key key = new Key("n" + i % 100, "p" + i);
        return new PodEntry(key, "u" + i, Map.of("app", "a" + i / 100 % 5), i % 100 == 7 && i < 10_000, List.of(), List.of(), List.of())
                .at(List.of("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)));
    }
}
