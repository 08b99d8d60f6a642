package io.manul.network.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.network.PodNetworkGuard;
import io.manul.api.testing.TestSettings;
import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guard of new pods, the room's life and its swap, with a real API and an nft that only remembers. */
@Timeout(60)
class GuardTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    @TempDir
    private Path data;
    private TestCluster api;
    private Cluster admin;
    private final List<String> scripts = new CopyOnWriteArrayList<>();
    private final AtomicBoolean broken = new AtomicBoolean();

    @BeforeEach
    void begin() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
    }

    @AfterEach
    void end() throws Exception {
        api.close();
    }

    private NetworkPolicies room(Map<String, String> flags) {
        return new NetworkPolicies(api.clusters(), new TestSettings("n1", data, flags), (input, command) -> {
            if (broken.get()) {
                throw new IOException("nft is not there");
            }
            scripts.add(input);
        });
    }

    private static PodNetworkGuard.Sandbox sandbox(Obj pod, String ip) {
        return new PodNetworkGuard.Sandbox(pod.namespace(), pod.name(), pod.uid(), List.of(InetAddress.ofLiteral(ip)));
    }

    private Obj pod(String name) throws Exception {
        return admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default", "labels", Obj.of("app", "web")),
                "spec", Obj.of("nodeName", "n1", "containers", List.of(Obj.of("name", "c", "image", "web:1")))));
    }

    private void deny(String name) throws Exception {
        admin.create(Resources.NETWORK_POLICIES, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default"), "spec",
                Obj.of("podSelector", Obj.of())));
    }

    private boolean written(String text) {
        return scripts.stream().anyMatch(s -> s.contains(text));
    }

    @Test
    void withoutAPolicyNothingIsWrittenAndNobodyWaits() throws Exception {
        NetworkPolicies room = room(Map.of());
        room.begin(new byte[0]);
        long start = System.nanoTime();
        room.guard(sandbox(pod("a"), "10.42.0.5"), LIMIT);
        assertTrue(System.nanoTime() - start < 2_000_000_000L);
        assertFalse(written("10.42.0.5"));
        deny("later");
        api.await("the sandbox is known when there is a policy", () -> written("ingress4 { 10.42.0.5 : goto"));
        admin.delete(Resources.NETWORK_POLICIES, "default", "later");
        api.await("without a policy there is no table", () -> scripts.getLast().equals(Frame.nothing()));
        room.end();
    }

    @Test
    void thePodIsInTheTableBeforeTheGuardReturns() throws Exception {
        NetworkPolicies room = room(Map.of());
        room.begin(new byte[0]);
        for (int i = 0; i < 20; i++) {
            deny("p" + i); // just made: the watch may not have told it yet
            room.guard(sandbox(pod("a" + i), "10.42.0." + (10 + i)), LIMIT);
            assertTrue(written("10.42.0." + (10 + i) + " : goto"), "pod " + i);
            String last = "comment \"default/p" + i + "\"";
            assertTrue(written(last), last);
        }
        assertEquals(0, room.health().failures());
        room.end();
        assertEquals(0, Threads.named("network-policy"));
    }

    @Test
    void withoutTheRulesNoContainerStarts() throws Exception {
        NetworkPolicies room = room(Map.of());
        room.begin(new byte[0]);
        deny("p");
        Obj pod = pod("a");
        broken.set(true);
        IOException e = assertThrows(IOException.class, () -> room.guard(sandbox(pod, "10.42.0.5"), Duration.ofMillis(800)));
        assertTrue(e.getMessage().startsWith("the rules for pod default/a are not in the kernel"), e.getMessage());
        broken.set(false);
        room.guard(sandbox(pod, "10.42.0.5"), LIMIT);
        assertTrue(scripts.getLast().startsWith("add table inet manul-policy\ndelete table"), "the whole table");
        room.end();
    }

    @Test
    void aPodThatTheApiDoesNotHaveIsRefused() throws Exception {
        NetworkPolicies room = room(Map.of());
        room.begin(new byte[0]);
        deny("p");
        Obj other = pod("a").copy().set("other-uid", "metadata", "uid");
        IOException e = assertThrows(IOException.class, () -> room.guard(sandbox(other, "10.42.0.5"), LIMIT));
        assertEquals("the API has no pod default/a with uid other-uid", e.getMessage());
        room.end();
    }

    @Test
    void notWantedItTakesItsTableAwayAndOffersNothing() throws Exception {
        NetworkPolicies room = room(Map.of("disable-network-policy", "true"));
        assertEquals(Map.of(), room.offers());
        room.begin(new byte[0]);
        assertEquals(List.of(Frame.nothing()), scripts);
        room.end();
    }

    @Test
    void whileItIsReplacedPodsWaitAndNoRuleIsLost() throws Exception {
        NetworkPolicies[] two = {room(Map.of()), room(Map.of())};
        deny("p");
        two[0].begin(new byte[0]);
        for (int i = 0; i < 12; i++) {
            Obj pod = pod("a" + i);
            String ip = "10.42.1." + i;
            NetworkPolicies next = two[(i + 1) % 2];
            Thread asking = Thread.ofVirtual().name("asking").start(() -> {
                try {
                    next.guard(sandbox(pod, ip), LIMIT); // the gate flips before the next one begins
                } catch (Exception e) {
                    scripts.add("failed: " + e);
                }
            });
            byte[] state = two[i % 2].end();
            assertEquals(0, Threads.named("network-policy"));
            scripts.clear();
            next.begin(state);
            asking.join();
            int turn = i;
            api.await("all sandboxes are in the new table", () -> written(ip + " : goto") && (turn == 0 || written("10.42.1." + (turn - 1) + " : goto")));
            assertFalse(written("failed"), () -> scripts.toString());
            assertEquals(0, next.health().failures());
        }
        two[0].end();
    }

    @Test
    void aNodeThatStartsWithoutItsApiEnforcesWhatItRemembers() throws Exception {
        NetworkPolicies room = room(Map.of());
        room.begin(new byte[0]);
        deny("p");
        deny("q");
        Obj pod = pod("a");
        room.guard(sandbox(pod, "10.42.0.5"), LIMIT);
        room.end();
        assertTrue(Files.exists(data.resolve("agent/network-policies.json")));
        scripts.clear();
        NetworkPolicies alone = room(Map.of());
        try (AutoCloseable away = api.refuse(r -> true)) {
            alone.begin(new byte[0]);
            alone.guard(sandbox(pod, "10.42.0.9"), Duration.ofSeconds(8));
            assertTrue(written("ingress4 { 10.42.0.9 : goto"), () -> scripts.toString());
        }
        admin.delete(Resources.NETWORK_POLICIES, "default", "q");
        api.await("what the API says counts again", () -> scripts.getLast().contains("default/p") && !scripts.getLast().contains("default/q"));
        alone.guard(sandbox(pod("b"), "10.42.0.10"), LIMIT);
        assertTrue(written("10.42.0.10 : goto"));
        alone.end();
    }
}
