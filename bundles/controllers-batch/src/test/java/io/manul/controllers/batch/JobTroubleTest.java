package io.manul.controllers.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the world does to a Job: labels changed by hand, owners taken away, deletions, refusals, some indexes that end. */
@Timeout(60)
class JobTroubleTest {

    private TestCluster api;
    private Cluster admin;
    private BatchControllers room;
    private Kubelets kubelets;

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        room = new BatchControllers(api.clusters());
        kubelets = new Kubelets(api);
        room.begin(new byte[0]);
    }

    @AfterEach
    void close() throws Exception {
        room.end();
        kubelets.close();
        api.close();
    }

    static Obj job(Obj spec) {
        return Obj.of("metadata", Obj.of("name", "j", "namespace", "default"), "spec", spec.put("template", Obj.of("spec",
                Obj.of("restartPolicy", "Never", "containers", List.of(Obj.of("name", "c", "image", "web:1"))))));
    }

    private Obj make(Obj spec, int active) throws Exception {
        Obj made = admin.create(Resources.JOBS, "default", job(spec));
        api.await(active + " pods", () -> read().number("status", "ready").orElse(0) == active);
        return made;
    }

    private Obj read() throws Exception {
        return admin.get(Resources.JOBS, "default", "j").orElseThrow();
    }

    private Obj pod(String prefix) throws Exception {
        return api.list(Resources.PODS).stream().filter(p -> p.name().startsWith(prefix)).findFirst().orElseThrow();
    }

    private void end(Obj pod, String phase) throws Exception {
        admin.patch(Resources.PODS, "default", pod.name(), "status", Patch.STRATEGIC, Obj.of("status", Obj.of("phase", phase)));
    }

    private static boolean is(Obj job, String type) {
        return job.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals(type) && c.text("status").equals("True"));
    }

    @Test
    void aPodWithoutItsOwnerIsAdoptedAgainAndOneWithoutLabelsLetGo() throws Exception {
        Obj made = make(Obj.of("parallelism", 2, "completions", 2), 2);
        Obj pod = pod("j-");
        admin.patch(Resources.PODS, "default", pod.name(), "", Patch.JSON,
                List.of(Obj.of("op", "remove", "path", "/metadata/ownerReferences")));
        api.await("adopted", () -> Owners.ownedBy(admin.get(Resources.PODS, "default", pod.name()).orElseThrow(), made));
        admin.patch(Resources.PODS, "default", pod.name(), "", Patch.JSON, List.of(Obj.of("op", "remove", "path", "/metadata/labels")));
        api.await("let go", () -> Owners.controller(admin.get(Resources.PODS, "default", pod.name()).orElseThrow()).isEmpty());
        api.await("not held any more", () -> admin.get(Resources.PODS, "default", pod.name()).orElseThrow().strings("metadata",
                "finalizers").isEmpty());
        api.await("replaced", () -> api.list(Resources.PODS).size() == 3);
    }

    @Test
    void aSuccessPolicyEndsTheJobEarly() throws Exception {
        make(Obj.of("parallelism", 3, "completions", 3, "completionMode", "Indexed", "successPolicy",
                Obj.of("rules", List.of(Obj.of("succeededIndexes", "0")))), 3);
        end(pod("j-0-"), "Succeeded");
        api.await("complete", () -> is(read(), "Complete"));
        assertEquals("0", read().text("status", "completedIndexes"));
        assertEquals("Matched rules at index 0", read().objects("status", "conditions").getLast().text("message"));
        assertEquals(0, read().number("status", "terminating").orElse(-1));
        api.await("the others are gone", () -> api.list(Resources.PODS).size() == 1);
    }

    @Test
    void anIndexThatFailedIsTriedOnceMoreAndThenGivenUp() throws Exception {
        make(Obj.of("parallelism", 2, "completions", 2, "completionMode", "Indexed", "backoffLimitPerIndex", 1), 2);
        Obj first = pod("j-1-");
        assertEquals("0", first.annotations().get("batch.kubernetes.io/job-index-failure-count"));
        end(first, "Failed");
        end(pod("j-0-"), "Succeeded");
        api.await("counted", () -> read().text("status", "completedIndexes").equals("0"));
        api.await("tried once more, after 10 s", () -> api.list(Resources.PODS).stream().anyMatch(p -> p.name().startsWith("j-1-")
                && p.text("status", "phase").equals("Running") && "1".equals(p.annotations()
                        .get("batch.kubernetes.io/job-index-failure-count"))));
        Obj second = api.list(Resources.PODS).stream().filter(p -> p.name().startsWith("j-1-") && !p.uid().equals(first.uid()))
                .findFirst().orElseThrow();
        end(second, "Failed");
        api.await("failed", () -> is(read(), "Failed"));
        assertEquals("1", read().text("status", "failedIndexes"));
        assertEquals(2, read().number("status", "failed").orElse(0));
    }

    @Test
    void thePodsOfADeletedJobAreNotHeld() throws Exception {
        make(Obj.of("parallelism", 2, "completions", 2), 2);
        admin.delete(Resources.JOBS, "default", "j", Propagation.ORPHAN, OptionalLong.empty(), "");
        // the collector of garbage is not here: it would take the owner away, and then the Job
        admin.patch(Resources.JOBS, "default", "j", "", Patch.JSON, List.of(Obj.of("op", "remove", "path", "/metadata/finalizers")));
        api.await("the Job is gone", () -> admin.get(Resources.JOBS, "default", "j").isEmpty());
        api.await("no pod is held", () -> api.list(Resources.PODS).stream().allMatch(p -> p.strings("metadata", "finalizers").isEmpty()));
    }

    @Test
    void aDeleteThatSaysNothingLeavesThePodsAlone() throws Exception {
        make(Obj.of("parallelism", 1), 1);
        admin.delete(Resources.JOBS, "default", "j");
        assertEquals(List.of("orphan"), read().strings("metadata", "finalizers"));
    }

    @Test
    void refusedPodsAreToldAndMadeWhenTheyMay() throws Exception {
        AutoCloseable quota = api.refuse(r -> r.method().equals("POST") && r.target().endsWith("/pods"));
        admin.create(Resources.JOBS, "default", job(Obj.of("parallelism", 2, "completions", 2)));
        api.await("an Event", () -> api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("reason").equals("FailedCreate")
                && e.text("message").equals("Error creating: exceeded quota: test")));
        quota.close();
        api.await("ready", () -> read().number("status", "ready").orElse(0) == 2);
        assertEquals(0, room.health().failures());
    }

    @Test
    void theSchedulingOfASuspendedJobMayChange() throws Exception {
        admin.create(Resources.JOBS, "default", job(Obj.of("suspend", true)));
        api.await("suspended", () -> is(read(), "Suspended"));
        admin.patch(Resources.JOBS, "default", "j", "", Patch.MERGE, Obj.of("spec", Obj.of("template", Obj.of("spec", Obj.of("nodeSelector",
                Obj.of("a", "b"))))));
        admin.patch(Resources.JOBS, "default", "j", "", Patch.MERGE, Obj.of("spec", Obj.of("suspend", false)));
        api.await("a pod", () -> api.list(Resources.PODS).size() == 1);
        assertEquals("b", api.list(Resources.PODS).getFirst().text("spec", "nodeSelector", "a"));
        io.manul.client.ClusterException refused = org.junit.jupiter.api.Assertions.assertThrows(io.manul.client.ClusterException.class,
                () -> admin.patch(Resources.JOBS, "default", "j", "", Patch.MERGE, Obj.of("spec", Obj.of("template", Obj.of("spec",
                        Obj.of("nodeSelector", Obj.of("a", "c")))))));
        assertTrue(refused.getMessage().contains("spec.template: Invalid value") && refused.getMessage().contains("field is immutable"),
                refused.getMessage());
    }
}
