package io.manul.controllers.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Budgets and the evictions that they allow: by every owner with a scale, under swaps, and those that nobody carried out. */
@Timeout(60)
class EvictionTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private TestCluster api;
    private Cluster admin;
    private PolicyControllers room;
    private Kubelets kubelets;

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        kubelets = new Kubelets(api);
        begin();
    }

    private void begin() {
        room = new PolicyControllers(api.clusters(), (InstantSource) now::get);
        room.begin(new byte[0]);
    }

    @AfterEach
    void close() throws Exception {
        room.end();
        kubelets.close();
        api.close();
    }

    private static Obj spec(String image) {
        return Obj.of("containers", List.of(Obj.of("name", "c", "image", image)));
    }

    private void pods(int count, String image, Obj owner, Resource of) throws Exception {
        for (int i = 0; i < count; i++) {
            Obj reference = owner == null ? null : Obj.of("apiVersion", of.apiVersion(), "kind", of.kind(), "name", owner.name(), "uid",
                    owner.uid(),
                    "controller", true);
            admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", "p" + i, "namespace", "default", "labels",
                    Obj.of("app", "web"),
                    "ownerReferences", reference == null ? null : List.of(reference)), "spec", spec(image)));
        }
    }

    private Obj workload(Resource of, int replicas) throws Exception {
        Obj labels = Obj.of("app", "web");
        return admin.create(of, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default"), "spec", Obj.of("replicas",
                replicas,
                "serviceName", of == Resources.STATEFUL_SETS ? "web" : null, "selector", of == Resources.REPLICATION_CONTROLLERS ? labels
                        : Obj.of("matchLabels", labels), "template", Obj.of("metadata", Obj.of("labels", labels.copy()), "spec",
                                spec("web:1")))));
    }

    private void budget(Object most) throws Exception {
        admin.create(Resources.POD_DISRUPTION_BUDGETS, "default", Obj.of("metadata", Obj.of("name", "b", "namespace", "default"), "spec",
                Obj.of("maxUnavailable", most, "selector", Obj.of("matchLabels", Obj.of("app", "web")))));
    }

    private Obj status() throws Exception {
        return admin.get(Resources.POD_DISRUPTION_BUDGETS, "default", "b").orElseThrow().at("status");
    }

    private void allowed(int expected, int healthy, int allowed) throws Exception {
        api.await(expected + " pods, " + healthy + " healthy, " + allowed + " to disrupt", () -> status().number("expectedPods")
                .orElse(-1) == expected
                && status().number("currentHealthy").orElse(-1) == healthy && status().number("disruptionsAllowed").orElse(-1) == allowed);
    }

    private void evict(String pod) throws Exception {
        admin.post(Resources.PODS, "default", pod, "eviction", Obj.of("apiVersion", "policy/v1", "kind", "Eviction", "metadata",
                Obj.of("name", pod, "namespace", "default")));
    }

    @Test
    void everyOwnerWithAScaleCounts() throws Exception {
        for (Resource of : List.of(Resources.REPLICA_SETS, Resources.STATEFUL_SETS, Resources.REPLICATION_CONTROLLERS)) {
            pods(3, "web:1", workload(of, 5), of);
            budget("40%");
            allowed(5, 3, 0);
            admin.delete(Resources.POD_DISRUPTION_BUDGETS, "default", "b");
            admin.delete(of, "default", "web");
            for (int i = 0; i < 3; i++) {
                admin.delete(Resources.PODS, "default", "p" + i);
            }
            api.await("no pods", () -> api.list(Resources.PODS).isEmpty());
        }
    }

    @Test
    void ofACustomOwnerTheSubResourceScaleCounts() throws Exception {
        Obj schema = Obj.parse("{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"properties\":"
                + "{\"count\":{\"type\":\"integer\"}}},"
                + "\"status\":{\"type\":\"object\",\"properties\":{\"count\":{\"type\":\"integer\"}}}}}}");
        admin.create(Resources.CUSTOM_RESOURCE_DEFINITIONS, "", Obj.of("metadata", Obj.of("name", "sets.x.io"), "spec", Obj.of("group",
                "x.io", "scope",
                "Namespaced", "names", Obj.of("plural", "sets", "kind", "Set"), "versions",
                        List.of(Obj.of("name", "v1", "served", true, "storage", true,
                        "subresources", Obj.of("status", Obj.of(), "scale", Obj.of("specReplicasPath", ".spec.count",
                                "statusReplicasPath", ".status.count")),
                        "schema", schema)))));
        Resource sets = new Resource("x.io", "v1", "sets", "Set", true);
        AtomicReference<Obj> made = new AtomicReference<>();
        api.await("the custom resource is served", () -> {
            try {
                made.set(admin.create(sets, "default", Obj.of("apiVersion", "x.io/v1", "kind", "Set", "metadata", Obj.of("name", "web",
                        "namespace",
                        "default"), "spec", Obj.of("count", 4))));
                return true;
            } catch (ClusterException e) {
                return false;
            }
        });
        pods(4, "web:1", made.get(), sets);
        budget(1);
        allowed(4, 4, 1);
    }

    @Test
    void oneIsDisruptedAndThenNoOther() throws Exception {
        pods(3, "web:1", workload(Resources.REPLICA_SETS, 3), Resources.REPLICA_SETS);
        budget(1);
        allowed(3, 3, 1);
        evict("p0");
        ClusterException refused = assertThrows(ClusterException.class, () -> evict("p1"));
        assertEquals(429, refused.code());
        assertEquals("Cannot evict pod as it would violate the pod's disruption budget.", refused.getMessage());
        Obj cause = refused.status().objects("details", "causes").getFirst();
        assertEquals("DisruptionBudget", cause.text("reason"));
        assertTrue(cause.text("message").startsWith("The disruption budget b "), cause.text("message"));
        allowed(3, 2, 0);
        refused = assertThrows(ClusterException.class, () -> evict("p1"));
        assertEquals("The disruption budget b needs 2 healthy pods and has 2 currently", refused.status().objects("details", "causes")
                .getFirst().text("message"));
    }

    @Test
    void anEvictionThatNobodyCarriedOutIsForgotten() throws Exception {
        pods(2, "web:1", workload(Resources.REPLICA_SETS, 2), Resources.REPLICA_SETS);
        budget(1);
        allowed(2, 2, 1);
        String then = now.get().truncatedTo(ChronoUnit.SECONDS).toString();
        admin.patch(Resources.POD_DISRUPTION_BUDGETS, "default", "b", "status", Patch.MERGE, Obj.of("status",
                Obj.of("disruptedPods", Obj.of("p0", then))));
        allowed(2, 1, 0);
        admin.patch(Resources.PODS, "default", "p0", "status", Patch.STRATEGIC, Obj.of("status", Obj.of("conditions", List.of(Obj.of("type",
                "DisruptionTarget", "status", "True", "reason", "EvictionByEvictionAPI", "message", "m", "lastTransitionTime", then)))));
        room.end();
        now.set(now.get().plusSeconds(125));
        begin();
        allowed(2, 2, 1);
        api.await("the pod is no target any more", () -> admin.get(Resources.PODS, "default", "p0").orElseThrow().objects("status",
                "conditions").stream()
                .anyMatch(c -> c.text("type").equals("DisruptionTarget") && c.text("status").equals("False")));
        api.await("told", () -> api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("reason").equals("NotDeleted")));
    }

    /** "While I am being replaced": never more are disrupted than the budget allows. */
    @Test
    void swapsAllowNoneTooMany() throws Exception {
        Obj owner = workload(Resources.REPLICA_SETS, 10);
        pods(10, "stubborn:1", owner, Resources.REPLICA_SETS);
        budget(4);
        allowed(10, 10, 4);
        AtomicInteger evicted = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            room.end();
            assertEquals(0, Threads.named("disruption-") + Threads.named("stale-disruption-") + Threads.named("events-"),
                    "threads left by turn " + i);
            begin();
            try {
                evict("p" + i % 10);
                evicted.incrementAndGet();
            } catch (ClusterException e) {
                assertEquals(429, e.code(), e.getMessage());
            }
            assertEquals(0, room.health().failures());
        }
        long going = api.list(Resources.PODS).stream().filter(Obj::deleting).count();
        assertTrue(going <= 4, going + " pods are going");
        allowed(10, 10 - (int) going, 4 - (int) going);
    }
}
