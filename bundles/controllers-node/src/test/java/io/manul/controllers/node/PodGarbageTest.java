package io.manul.controllers.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods that nobody else removes. */
@Timeout(60)
class PodGarbageTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private TestCluster api;
    private Cluster admin;
    private NodeControllers room;

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        room = new NodeControllers(api.clusters(), TestCluster.SETTINGS, InstantSource.system(), nanos::get, 2);
        room.begin(new byte[0]);
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1")));
        ready("True");
    }

    @AfterEach
    void close() throws Exception {
        room.end();
        api.close();
    }

    private void ready(String ready) throws Exception {
        admin.patch(Resources.NODES, "", "n1", "status", Patch.STRATEGIC, Obj.of("status", Obj.of("conditions",
                List.of(Obj.of("type", "Ready", "status", ready, "reason", "Kubelet", "message", "")))));
    }

    /** Held by a finalizer, so that the test sees what becomes of it. */
    private void pod(String name, String node, Object... more) throws Exception {
        Obj metadata = Obj.of("name", name, "namespace", "default", "finalizers", List.of("test/hold"));
        admin.create(Resources.PODS, "default", Obj.of("metadata", metadata, "spec", Obj.of("nodeName", node, "containers",
                List.of(Obj.of("name", "c", "image", "i")))));
        admin.patch(Resources.PODS, "default", name, "status", Patch.MERGE, Obj.of("status", Obj.of(more)));
    }

    private Obj pod(String name) throws Exception {
        return admin.get(Resources.PODS, "default", name).orElseThrow();
    }

    private boolean goneWithoutGrace(String name) throws Exception {
        Obj pod = pod(name);
        return pod.deleting() && pod.number("metadata", "deletionGracePeriodSeconds").orElse(-1) == 0;
    }

    @Test
    void aPodOfANodeThatIsGoneHasFailed() throws Exception {
        pod("p", "n1", "phase", "Running");
        api.await("seen", room::idle);
        admin.delete(Resources.NODES, "", "n1");
        api.await("the node is seen to be gone", () -> room.caches().get(Resources.NODES).size() == 0 && room.idle());
        api.await("gone", () -> {
            nanos.addAndGet(Duration.ofSeconds(41).toNanos()); // from when it was first seen without its node
            room.look();
            return goneWithoutGrace("p");
        });
        assertEquals("Failed", pod("p").text("status", "phase"));
        Optional<Obj> why = pod("p").objects("status", "conditions").stream().filter(c -> c.text("type").equals("DisruptionTarget"))
                .findFirst();
        assertEquals("DeletionByPodGC", why.orElseThrow().text("reason"));
        assertEquals("PodGC: node no longer exists", why.get().text("message"));
    }

    @Test
    void aPodThatGoesOnANodeOutOfServiceGoesAtOnce() throws Exception {
        pod("p", "n1", "phase", "Running");
        admin.delete(Resources.PODS, "default", "p");
        api.await("seen", room::idle);
        assertEquals("Running", pod("p").text("status", "phase"));
        ready("False");
        admin.patch(Resources.NODES, "", "n1", "", Patch.MERGE, Obj.of("spec", Obj.of("taints",
                List.of(Obj.of("key", "node.kubernetes.io/out-of-service", "value", "nodeshutdown", "effect", "NoSchedule")))));
        api.await("gone", () -> goneWithoutGrace("p"));
        assertEquals("Failed", pod("p").text("status", "phase"));
    }

    @Test
    void aPodThatGoesAndNeverHadANodeGoesAtOnce() throws Exception {
        pod("p", null, "phase", "Pending");
        admin.delete(Resources.PODS, "default", "p");
        api.await("failed", () -> pod("p").text("status", "phase").equals("Failed"));
    }

    @Test
    void ofEndedPodsTheEvictedThenTheOldestGo() throws Exception {
        pod("a", "n1", "phase", "Succeeded");
        pod("b", "n1", "phase", "Failed");
        pod("c", "n1", "phase", "Failed", "reason", "Evicted");
        api.await("the evicted one", () -> pod("c").deleting());
        api.await("seen", room::idle);
        assertEquals(false, pod("a").deleting() || pod("b").deleting());
        assertEquals("Evicted", pod("c").text("status", "reason"));
    }
}
