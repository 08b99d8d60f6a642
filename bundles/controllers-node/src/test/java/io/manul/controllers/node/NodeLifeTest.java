package io.manul.controllers.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of nodes on the real apiserver; our own clock is the test's. */
@Timeout(60)
class NodeLifeTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong marks = new AtomicLong();
    private TestCluster api;
    private Cluster admin;
    private NodeControllers room;

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        room = room();
        room.begin(new byte[0]);
    }

    @AfterEach
    void close() throws Exception {
        room.end();
        api.close();
    }

    private NodeControllers room() {
        return new NodeControllers(api.clusters(), TestCluster.SETTINGS, InstantSource.system(), nanos::get, EndedPods.MOST);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void node(String name) throws Exception {
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", name)));
        status(name, "True");
    }

    private void status(String name, String ready) throws Exception {
        List<Obj> conditions = new ArrayList<>();
        for (String type : List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")) {
            conditions.add(Obj.of("type", type, "status", type.equals("Ready") ? ready : "False", "reason", "Kubelet", "message", "fine",
                    "lastHeartbeatTime", Instant.now().plusSeconds(marks.incrementAndGet()).truncatedTo(ChronoUnit.SECONDS).toString(),
                    "lastTransitionTime", now()));
        }
        admin.patch(Resources.NODES, "", name, "status", Patch.STRATEGIC, Obj.of("status", Obj.of("conditions", conditions)));
    }

    private void lease(String name) throws Exception {
        Obj spec = Obj.of("holderIdentity", name, "leaseDurationSeconds", 40, "renewTime",
                Instant.now().plusSeconds(marks.incrementAndGet()).truncatedTo(ChronoUnit.MICROS).toString().replaceAll("(\\.\\d+)?Z", ".000000Z"));
        if (admin.get(Resources.LEASES, "kube-node-lease", name).isEmpty()) {
            admin.create(Resources.LEASES, "kube-node-lease", Obj.of("metadata", Obj.of("name", name, "namespace", "kube-node-lease"), "spec", spec));
        } else {
            admin.patch(Resources.LEASES, "kube-node-lease", name, "", Patch.MERGE, Obj.of("spec", spec));
        }
    }

    private Obj get(String name) throws Exception {
        return admin.get(Resources.NODES, "", name).orElseThrow();
    }

    private Obj condition(String name, String type) throws Exception {
        return get(name).objects("status", "conditions").stream().filter(c -> c.text("type").equals(type)).findFirst().orElseGet(Obj::of);
    }

    private boolean tainted(String name, String key) throws Exception {
        return get(name).objects("spec", "taints").stream().anyMatch(t -> t.text("key").equals("node.kubernetes.io/" + key));
    }

    /** All that there is was seen, and nobody acts. */
    private void settled() throws Exception {
        api.await("all was seen and done", () -> {
            for (Map.Entry<Resource, Informer> e : room.caches().entrySet()) {
                if (!versions(api.list(e.getKey())).equals(versions(e.getValue().list()))) {
                    return false;
                }
            }
            return room.idle();
        });
    }

    private static List<String> versions(List<Obj> objects) {
        return objects.stream().map(Obj::resourceVersion).sorted().toList();
    }

    /** The time passes, and each node and pod is looked at. */
    private void pass(Duration time) throws Exception {
        settled();
        nanos.addAndGet(time.toNanos());
        String mark = Long.toString(marks.incrementAndGet());
        for (Obj n : api.list(Resources.NODES)) {
            admin.patch(Resources.NODES, "", n.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("annotations", Obj.of("test/mark", mark))));
        }
        room.look();
    }

    private void pod(String name, Obj... tolerations) throws Exception {
        admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default"), "spec",
                Obj.of("nodeName", "n1", "tolerations", List.of(tolerations), "containers", List.of(Obj.of("name", "c", "image", "web:1")))));
        admin.patch(Resources.PODS, "default", name, "status", Patch.STRATEGIC, Obj.of("status", Obj.of("phase", "Running",
                "conditions", List.of(Obj.of("type", "Ready", "status", "True", "lastTransitionTime", now())))));
    }

    private boolean going(String name) throws Exception {
        return admin.get(Resources.PODS, "default", name).map(Obj::deleting).orElse(true);
    }

    @Test
    void aSilentNodeBecomesUnknownAndUnreachable() throws Exception {
        node("n1");
        pod("p");
        pass(Duration.ofSeconds(49));
        assertEquals("True", condition("n1", "Ready").text("status"));
        pass(Duration.ofSeconds(2));
        api.await("unknown", () -> condition("n1", "Ready").text("status").equals("Unknown"));
        assertEquals("NodeStatusUnknown", condition("n1", "Ready").text("reason"));
        assertEquals("Kubelet stopped posting node status.", condition("n1", "Ready").text("message"));
        assertEquals("Unknown", condition("n1", "DiskPressure").text("status"));
        api.await("tainted", () -> tainted("n1", "unreachable"));
        api.await("its pods are not ready", () -> admin.get(Resources.PODS, "default", "p").orElseThrow().objects("status", "conditions").stream()
                .anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("False")));
        api.await("an Event", () -> api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("message").equals("Node n1 status is now: NodeNotReady")));
        status("n1", "True");
        api.await("no taint when it is back", () -> !tainted("n1", "unreachable"));
        assertEquals(0, room.health().failures());
    }

    @Test
    void theLeaseAloneKeepsANodeReady() throws Exception {
        node("n1");
        lease("n1");
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofSeconds(40));
            lease("n1");
        }
        pass(Duration.ofSeconds(40));
        settled();
        assertEquals("True", condition("n1", "Ready").text("status"));
    }

    @Test
    void theStatusAloneKeepsANodeReady() throws Exception {
        node("n1");
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofSeconds(40));
            status("n1", "True");
        }
        pass(Duration.ofSeconds(40));
        settled();
        assertEquals("True", condition("n1", "Ready").text("status"));
    }

    @Test
    void aNodeThatNeverSpokeIsUnknown() throws Exception {
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1")));
        pass(Duration.ofSeconds(51));
        api.await("unknown", () -> condition("n1", "Ready").text("reason").equals("NodeStatusNeverUpdated"));
        assertEquals("Kubelet never posted node status.", condition("n1", "Ready").text("message"));
    }

    @Test
    void afterOurStartEveryNodeHasAWholeGracePeriod() throws Exception {
        node("n1");
        pass(Duration.ofSeconds(49));
        room.end();
        room = room();
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        room.begin(new byte[0]);
        settled();
        pass(Duration.ofSeconds(40));
        settled();
        assertEquals("True", condition("n1", "Ready").text("status"));
        pass(Duration.ofSeconds(11));
        api.await("unknown", () -> condition("n1", "Ready").text("status").equals("Unknown"));
    }

    @Test
    void cordonAndPressureAreTaints() throws Exception {
        node("n1");
        admin.patch(Resources.NODES, "", "n1", "", Patch.MERGE, Obj.of("spec", Obj.of("unschedulable", true)));
        api.await("unschedulable", () -> tainted("n1", "unschedulable"));
        admin.patch(Resources.NODES, "", "n1", "status", Patch.STRATEGIC, Obj.of("status", Obj.of("conditions",
                List.of(Obj.of("type", "DiskPressure", "status", "True")))));
        api.await("disk-pressure", () -> tainted("n1", "disk-pressure"));
        admin.patch(Resources.NODES, "", "n1", "", Patch.MERGE, Obj.of("spec", Obj.of("unschedulable", false)));
        api.await("uncordoned", () -> !tainted("n1", "unschedulable"));
    }

    @Test
    void podsStayAsLongAsTheyTolerate() throws Exception {
        node("n1");
        pod("never", Obj.of("key", "maintenance", "operator", "Exists", "effect", "NoExecute"));
        pod("while", Obj.of("key", "maintenance", "operator", "Exists", "effect", "NoExecute", "tolerationSeconds", 60));
        pod("now");
        admin.patch(Resources.NODES, "", "n1", "", Patch.MERGE, Obj.of("spec", Obj.of("taints", List.of(Obj.of("key", "maintenance", "effect", "NoExecute",
                "timeAdded", "2020-01-01T00:00:00Z")))));
        api.await("the one that does not tolerate goes", () -> going("now"));
        status("n1", "True");
        pass(Duration.ofSeconds(59));
        status("n1", "True");
        settled();
        assertTrue(!going("while"), "an old timeAdded alone evicts nobody");
        pass(Duration.ofSeconds(2));
        api.await("the one that tolerates for a while goes", () -> going("while"));
        assertTrue(!going("never"));
        api.await("an Event", () -> api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("reason").equals("TaintManagerEviction")
                && e.text("message").equals("Marking for deletion Pod default/now")));
    }

    @Test
    void podsOfANodeThatIsGoneGo() throws Exception {
        node("n1");
        pod("p");
        admin.delete(Resources.NODES, "", "n1");
        pass(Duration.ofSeconds(39));
        settled();
        assertTrue(!going("p"));
        pass(Duration.ofSeconds(2));
        api.await("gone", () -> admin.get(Resources.PODS, "default", "p").isEmpty());
    }

    @Test
    void eachNodeHasAPodNetworkOfItsOwnAndItIsUsedAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            node("n" + i);
        }
        api.await("five networks", () -> api.list(Resources.NODES).stream().map(n -> n.text("spec", "podCIDR")).filter(c -> !c.isEmpty()).count() == 5);
        List<String> all = api.list(Resources.NODES).stream().map(n -> n.text("spec", "podCIDR")).sorted().toList();
        assertEquals(List.of("10.42.0.0/24", "10.42.1.0/24", "10.42.2.0/24", "10.42.3.0/24", "10.42.4.0/24"), all);
        String free = get("n3").text("spec", "podCIDR");
        assertEquals(List.of(free), get("n3").strings("spec", "podCIDRs"));
        admin.delete(Resources.NODES, "", "n3");
        settled();
        node("again");
        api.await("the free one", () -> get("again").text("spec", "podCIDR").equals(free));
    }

    @Test
    void turnsChangeNothing() throws Exception {
        node("n0");
        NodeControllers[] two = {room, room()};
        for (int i = 0; i < 10; i++) {
            node("m" + i);
            if (i % 2 == 1) {
                pass(Duration.ofSeconds(49));
            }
            for (Obj n : api.list(Resources.NODES)) {
                status(n.name(), "True");
            }
            assertEquals(0, two[i % 2].health().failures());
            two[i % 2].end();
            assertEquals(0, Threads.named("node-") + Threads.named("informer-"), "threads left by turn " + i);
            room = two[(i + 1) % 2];
            room.begin(new byte[0]);
        }
        api.await("all have networks", () -> api.list(Resources.NODES).stream().noneMatch(n -> n.text("spec", "podCIDR").isEmpty()));
        settled();
        assertEquals(11, api.list(Resources.NODES).stream().map(n -> n.text("spec", "podCIDR")).distinct().count());
        assertTrue(api.list(Resources.NODES).stream().allMatch(n -> NodeTaints.status(n, "Ready").equals("True")), "no node became NotReady by it");
    }
}
