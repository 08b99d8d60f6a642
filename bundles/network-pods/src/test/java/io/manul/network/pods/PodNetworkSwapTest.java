package io.manul.network.pods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.TestSettings;
import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** "While I am being replaced: ways and links stay", and what Nodes say reaches the kernel. */
@Timeout(60)
class PodNetworkSwapTest {

    @TempDir
    private Path folder;
    private final FakeBackend kernel = new FakeBackend();

    private Network network(TestCluster api) {
        TestSettings settings = new TestSettings("n1", folder, Map.of());
        return new Network(settings, api.clusters().as("system:k3s-controller", List.of(), "test"),
                api.clusters().as("system:node:n1", List.of("system:nodes"), "test"), kernel, new CniConfig(settings),
                new Masquerade((input, command) -> ""), new Switches(folder), new KnownPeers(folder.resolve("agent/etc/peers.json")));
    }

    private static void node(Cluster admin, String name, int i) throws Exception {
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", name, "annotations", Obj.of(Family.BACKEND_TYPE, "vxlan",
                Family.V4.address(), "192.0.2." + i, Family.V4.data(), "{\"VNI\":1,\"VtepMAC\":\"02:00:00:00:00:" + (10 + i) + "\"}")),
                "spec", Obj.of("podCIDR", "10.42." + i + ".0/24", "podCIDRs", List.of("10.42." + i + ".0/24"))));
    }

    private static String way(String name, int i) {
        return name + " 10.42." + i + ".0/24 192.0.2." + i + " 02:00:00:00:00:" + (10 + i);
    }

    @Test
    void nodesComeAndGoWhileTwoVersionsTakeTurns() throws Exception {
        try (TestCluster api = new TestCluster()) {
            Cluster admin = api.admin();
            admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1"), "spec", Obj.of("podCIDR", "10.42.0.0/24", "podCIDRs", List.of("10.42.0.0/24"))));
            node(admin, "n2", 2);
            Network first = network(api).start();
            api.await("the way to n2", () -> kernel.ways.contains(way("n2", 2)));
            api.await("its own end is announced", () -> admin.get(Resources.NODES, "", "n1").orElseThrow().annotations().containsKey(Family.V4.data()));
            first.close();
            assertEquals(0, Threads.named("network-pods"));
            assertTrue(kernel.ways.contains(way("n2", 2)), "it stays while nobody acts");
            for (int i = 3; i < 9; i++) {
                Network next = network(api).start();
                node(admin, "n" + i, i);
                if (i % 2 == 0) {
                    admin.delete(Resources.NODES, "", "n" + (i - 1));
                }
                next.close();
            }
            Network last = network(api).start();
            api.await("the ways that the Nodes say", () -> kernel.ways.equals(java.util.Set.of(way("n2", 2), way("n4", 4), way("n6", 6), way("n8", 8))));
            last.close();
        }
    }

    @Test
    void onlyWhatChangedIsTouched() throws Exception {
        try (TestCluster api = new TestCluster()) {
            Cluster admin = api.admin();
            admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1"), "spec", Obj.of("podCIDR", "10.42.0.0/24", "podCIDRs", List.of("10.42.0.0/24"))));
            for (int i = 2; i < 20; i++) {
                node(admin, "n" + i, i);
            }
            try (Network network = network(api).start()) {
                api.await("all ways", () -> kernel.ways.size() == 18);
                int before = kernel.changes.get();
                admin.patch(Resources.NODES, "", "n5", "", Patch.MERGE, Obj.of("metadata", Obj.of("labels", Obj.of("a", "b"))));
                admin.patch(Resources.NODES, "", "n6", "", Patch.MERGE, Obj.of("metadata", Obj.of("annotations", Obj.of(Family.V4.address(), "192.0.2.200"))));
                api.await("the new address", () -> kernel.ways.contains("n6 10.42.6.0/24 192.0.2.200 02:00:00:00:00:16"));
                assertEquals(before + 2, kernel.changes.get(), "one way went, one came");
            }
        }
    }

    @Test
    void aNodeThatStartsWithoutAServerHasItsNetworkAndKnowsTheOthers() throws Exception {
        try (TestCluster api = new TestCluster()) {
            Cluster admin = api.admin();
            admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1"), "spec", Obj.of("podCIDR", "10.42.0.0/24", "podCIDRs", List.of("10.42.0.0/24"))));
            node(admin, "n2", 2);
            try (Network network = network(api).start()) {
                api.await("the way to n2", () -> Files.exists(folder.resolve("agent/etc/peers.json")));
            }
            Path conflist = folder.resolve("agent/etc/cni/net.d/10-manul.conflist");
            String text = Files.readString(conflist);
            assertTrue(text.contains("\"subnet\": \"10.42.0.0/24\"") && text.contains("\"mtu\": 1450"), text);
            Files.delete(conflist);
            kernel.ways.clear(); // a reboot
            try (AutoCloseable away = api.refuse(r -> true); Network network = network(api).start()) {
                assertEquals(java.util.Set.of(way("n2", 2)), kernel.ways);
                assertEquals(text, Files.readString(conflist));
            }
        }
    }
}
