package io.manul.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.TestSettings;
import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": two take turns while pods come; each pod has one node, and no node has too many. */
@Timeout(120)
class SchedulerSwapTest {

    private static final int SWAPS = 20;
    private static final int NODES = 10;
    private static final int ROOM = 20;

    @Test
    void everyPodIsPlacedOnceAndNoNodeIsOverfull() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            Cluster admin = api.admin();
            for (int i = 0; i < NODES; i++) {
                admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n" + i), "status", Obj.of("allocatable",
                        Obj.of("cpu", String.valueOf(ROOM), "memory", "8Gi", "pods", "110"))));
            }
            AtomicInteger made = new AtomicInteger();
            Thread user = Thread.ofVirtual().start(() -> {
                try {
                    while (made.get() < NODES * ROOM) {
                        admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", "p" + made.getAndIncrement()), "spec",
                                Obj.of("containers", List.of(Obj.of("name", "c", "image", "x:1", "resources", Obj.of("requests", Obj.of("cpu", "1")))))));
                        Thread.sleep(2);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            SchedulerComponent[] two = {new SchedulerComponent(api.clusters(), TestSettings.of("n1")),
                new SchedulerComponent(api.clusters(), TestSettings.of("n1"))};
            for (int i = 0; i < SWAPS; i++) {
                two[i % 2].begin(new byte[0]);
                Thread.sleep(20); // the load of a turn
                long failures = two[i % 2].health().failures();
                two[i % 2].end();
                assertEquals(0, failures, "failures of turn " + i);
                assertEquals(0, Threads.named("scheduler") + Threads.named("informer-pods") + Threads.named("events-"), "threads left by turn " + i);
            }
            user.join();
            assertEquals(NODES * ROOM, made.get());
            SchedulerComponent last = new SchedulerComponent(api.clusters(), TestSettings.of("n1"));
            last.begin(new byte[0]);
            api.await("all have a node", () -> api.list(Resources.PODS).stream().noneMatch(p -> p.text("spec", "nodeName").isEmpty()));
            last.end();
            Map<String, Integer> on = new HashMap<>();
            api.list(Resources.PODS).forEach(p -> on.merge(p.text("spec", "nodeName"), 1, Integer::sum));
            assertTrue(on.values().stream().allMatch(n -> n == ROOM), on.toString());
        }
    }
}
