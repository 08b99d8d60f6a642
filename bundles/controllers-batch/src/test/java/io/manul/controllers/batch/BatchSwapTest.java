package io.manul.controllers.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": two objects take turns while pods end; each is counted once, no index runs twice. */
@Timeout(120)
class BatchSwapTest {

    private static final int SWAPS = 30;
    private static final int PODS = 40;

    @Test
    void eachPodIsCountedOnce() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount(); Kubelets kubelets = new Kubelets(api)) {
            Cluster admin = api.admin();
            for (String mode : List.of("NonIndexed", "Indexed")) {
                admin.create(Resources.JOBS, "default", Obj.of("metadata", Obj.of("name", mode.toLowerCase(java.util.Locale.ROOT),
                        "namespace", "default"),
                        "spec", Obj.of("completions", PODS, "parallelism", 4, "completionMode", mode, "template", Obj.of("spec",
                                Obj.of("restartPolicy", "Never", "containers", List.of(Obj.of("name", "c", "image", "web:ends")))))));
            }
            BatchControllers[] two = {new BatchControllers(api.clusters()), new BatchControllers(api.clusters())};
            for (int i = 0; i < SWAPS; i++) {
                two[i % 2].begin(new byte[0]);
                Thread.sleep(60);
                long failures = two[i % 2].health().failures();
                two[i % 2].end();
                assertEquals(0, failures, "failures of turn " + i);
                assertEquals(0, Threads.named("job-") + Threads.named("cronjob-") + Threads.named("events-"), "threads left by turn " + i);
            }
            BatchControllers last = new BatchControllers(api.clusters());
            last.begin(new byte[0]);
            for (String name : List.of("nonindexed", "indexed")) {
                api.await(name + " is complete", () -> admin.get(Resources.JOBS, "default", name).orElseThrow().has("status",
                        "completionTime"));
                Obj job = admin.get(Resources.JOBS, "default", name).orElseThrow();
                assertEquals(PODS, job.number("status", "succeeded").orElse(0), name);
                long pods = api.list(Resources.PODS).stream().filter(p -> Owners.ownedBy(p, job)).count();
                assertEquals(PODS, pods, "pods of " + name);
            }
            last.end();
        }
    }
}
