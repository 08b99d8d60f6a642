package io.manul.network.services;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** "While I am being replaced": rooms take turns while endpoints change, and connections are made all the time. Needs root and nft. */
@Timeout(60)
class ServicesSwapTest {

    @TempDir
    Path proc;

    private static Obj slice(int port) {
        return Obj.of("metadata", Obj.of("name", "web-1", "namespace", "default", "labels", Obj.of(Syncer.SERVICE_LABEL, "web")), "addressType", "IPv4",
                "ports", List.of(Obj.of("name", "", "port", 8080, "protocol", "TCP")), "endpoints", List.of(
                        Obj.of("addresses", List.of("192.0.2.1"), "conditions", Obj.of("ready", true)),
                        Obj.of("addresses", List.of("192.0.2." + port), "conditions", Obj.of("ready", true))));
    }

    @Test
    void noNewConnectionFailsAndTheRulesGoOn() throws Exception {
        assumeTrue(Space.possible(), "needs root");
        Files.createDirectories(proc.resolve("net"));
        Files.createFile(proc.resolve("net/if_inet6"));
        try (Space space = new Space("manul-swap"); TestCluster api = new TestCluster().withServiceAccount()) {
            space.run("ip addr add 192.0.2.1/32 dev lo; ip addr add 192.0.2.2/32 dev lo; ip addr add 192.0.2.3/32 dev lo;"
                    + " ip link add d0 type veth peer name d1; ip link set d0 up; ip route add default dev d0 src 192.0.2.1");
            Cluster admin = api.admin();
            Obj service = admin.create(Resources.SERVICES, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default"), "spec",
                    Obj.of("ports", List.of(Obj.of("port", 80, "targetPort", 8080)))));
            admin.create(Resources.ENDPOINT_SLICES, "default", slice(2));
            try (Peer peer = new Peer(space, "node")) {
                String ip = service.text("spec", "clusterIP");
                ServicesComponent[] two = {room(api, space), room(api, space)};
                two[0].begin(new byte[0]);
                ServicesComponent first = two[0];
                api.await("the first rules", () -> first.health().steps() > 0 && peer.ask("tcp", ip, 80).startsWith("node"));
                AtomicBoolean done = new AtomicBoolean();
                AtomicReference<String> failed = new AtomicReference<>("");
                Thread load = Thread.ofVirtual().start(() -> ask(peer, ip, done, failed));
                for (int i = 0; i < 12; i++) {
                    admin.update(Resources.ENDPOINT_SLICES, "default", slice(2 + i % 2));
                    byte[] state = two[i % 2].end();
                    assertTrue(state.length > 0);
                    assertEquals(0, Threads.named("network-services"), "threads left by turn " + i);
                    two[(i + 1) % 2].begin(state);
                    String now = "192.0.2." + (2 + i % 2) + " . 8080";
                    api.await("the endpoint of turn " + i, () -> space.run("nft list map ip manul-services endpoints-tcp").contains(now));
                }
                done.set(true);
                load.join();
                assertEquals("", failed.get());
                assertEquals(0, two[0].health().failures() + two[1].health().failures());
                // somebody flushes the whole ruleset: the next change writes it anew
                space.run("nft flush ruleset");
                admin.update(Resources.ENDPOINT_SLICES, "default", slice(2));
                api.await("the rules are back", () -> peer.ask("tcp", ip, 80).startsWith("node"));
                two[0].end();
            }
        }
    }

    private ServicesComponent room(TestCluster api, Space space) {
        return new ServicesComponent(api.clusters(), TestCluster.SETTINGS, space.tool, proc);
    }

    private static void ask(Peer peer, String ip, AtomicBoolean done, AtomicReference<String> failed) {
        try {
            while (!done.get()) {
                String answer = peer.ask("tcp", ip, 80);
                if (!answer.startsWith("node")) {
                    failed.compareAndSet("", answer);
                }
            }
        } catch (java.io.IOException e) {
            failed.set(e.toString());
        }
    }
}
