package io.manul.controllers.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.owner.PodState;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": two objects take turns while things change; nothing is made twice, nothing is forgotten. */
@Timeout(120)
class WorkloadSwapTest {

    private static final int SWAPS = 30;

    @Test
    void aReplicaSetNeverHasOnePodTooMany() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount(); Kubelets kubelets = new Kubelets(api)) {
            Cluster admin = api.admin();
            Set<String> active = new HashSet<>();
            AtomicInteger most = new AtomicInteger();
            Informer pods = admin.informer(Resources.PODS, Selection.ALL).listen(c -> {
                if (c.kind() != Informer.Kind.DELETED && PodState.active(c.object())) {
                    active.add(c.object().uid());
                } else {
                    active.remove(c.object().uid());
                }
                most.accumulateAndGet(active.size(), Math::max);
            }).start();
            Obj labels = Obj.of("app", "web");
            admin.create(Resources.REPLICA_SETS, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default"),
                    "spec", Obj.of("replicas", 8, "selector", Obj.of("matchLabels", labels), "template", Obj.of("metadata",
                            Obj.of("labels", labels.copy()), "spec", Obj.of("containers", List.of(Obj.of("name", "c", "image", "web:1")))))));
            AtomicBoolean over = new AtomicBoolean();
            Thread killer = Thread.ofVirtual().start(() -> {
                try {
                    while (!over.get()) {
                        for (Obj pod : api.list(Resources.PODS)) {
                            admin.delete(Resources.PODS, "default", pod.name());
                            Thread.sleep(3);
                        }
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            takeTurns(api, SWAPS, () -> Thread.sleep(40));
            over.set(true);
            killer.join();
            WorkloadControllers last = new WorkloadControllers(api.clusters());
            last.begin(new byte[0]);
            api.await("eight ready pods", () -> admin.get(Resources.REPLICA_SETS, "default", "web").orElseThrow()
                    .number("status", "readyReplicas").orElse(0) == 8 && last.idle());
            last.end();
            pods.close();
            assertEquals(8, most.get(), "pods at once");
        }
    }

    @Test
    void aRolloutUnderSwapsEndsAtTheLastTemplate() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount(); Kubelets kubelets = new Kubelets(api)) {
            Cluster admin = api.admin();
            admin.create(Resources.DEPLOYMENTS, "default", WorkloadTroubleTest.deployment(4, "web:0"));
            AtomicInteger version = new AtomicInteger();
            takeTurns(api, SWAPS, () -> {
                if (version.get() < 6) {
                    admin.patch(Resources.DEPLOYMENTS, "default", "web", "", Patch.STRATEGIC, Obj.of("spec", Obj.of("template", Obj.of("spec",
                            Obj.of("containers", List.of(Obj.of("name", "c", "image", "web:" + version.incrementAndGet())))))));
                }
                Thread.sleep(40);
            });
            WorkloadControllers last = new WorkloadControllers(api.clusters());
            last.begin(new byte[0]);
            api.await("complete", () -> {
                Obj status = admin.get(Resources.DEPLOYMENTS, "default", "web").orElseThrow().at("status");
                return status.number("updatedReplicas").orElse(0) == 4 && status.number("availableReplicas").orElse(0) == 4
                        && status.number("replicas").orElse(0) == 4 && last.idle();
            });
            last.end();
            List<Obj> sets = api.list(Resources.REPLICA_SETS);
            long templates = sets.stream().map(s -> s.at("spec", "template", "spec").toString()).distinct().count();
            assertEquals(templates, sets.size(), "no template has two ReplicaSets");
            assertTrue(api.list(Resources.PODS).stream().allMatch(p -> p.objects("spec", "containers").getFirst().text("image").equals("web:6")));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void takeTurns(TestCluster api, int times, Step step) throws Exception {
        WorkloadControllers[] two = {new WorkloadControllers(api.clusters()), new WorkloadControllers(api.clusters())};
        for (int i = 0; i < times; i++) {
            two[i % 2].begin(new byte[0]);
            step.run();
            assertEquals(3, Threads.named("replicaset-"), "workers of turn " + i);
            long failures = two[i % 2].health().failures();
            two[i % 2].end();
            assertEquals(0, failures, "failures of turn " + i);
            assertEquals(0, Threads.named("replicaset-") + Threads.named("deployment-") + Threads.named("events-"), "threads left by turn " + i);
        }
    }
}
