package io.manul.controllers.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the world does to a rollout: refusals, names that are taken, labels changed by hand. */
@Timeout(60)
class WorkloadTroubleTest {

    private TestCluster api;
    private Cluster admin;
    private WorkloadControllers room;
    private Kubelets kubelets;

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        room = new WorkloadControllers(api.clusters());
        kubelets = new Kubelets(api);
        room.begin(new byte[0]);
    }

    @AfterEach
    void close() throws Exception {
        room.end();
        kubelets.close();
        api.close();
    }

    static Obj deployment(int replicas, String image) {
        Obj labels = Obj.of("app", "web");
        return Obj.of("metadata", Obj.of("name", "web", "namespace", "default"), "spec", Obj.of("replicas", replicas,
                "selector", Obj.of("matchLabels", labels), "template", Obj.of("metadata", Obj.of("labels", labels.copy()),
                        "spec", Obj.of("containers", List.of(Obj.of("name", "c", "image", image))))));
    }

    private Obj web() throws Exception {
        return admin.get(Resources.DEPLOYMENTS, "default", "web").orElseThrow();
    }

    private static Optional<Obj> condition(Obj object, String type) {
        return object.objects("status", "conditions").stream().filter(c -> c.text("type").equals(type)).findFirst();
    }

    @Test
    void refusedPodsAreToldAndMadeWhenTheyMay() throws Exception {
        AutoCloseable quota = api.refuse(r -> r.method().equals("POST") && r.target().endsWith("/pods"));
        admin.create(Resources.DEPLOYMENTS, "default", deployment(3, "web:1"));
        api.await("the Deployment says why", () -> condition(web(), "ReplicaFailure").isPresent());
        Obj failure = condition(web(), "ReplicaFailure").orElseThrow();
        assertEquals("FailedCreate", failure.text("reason"));
        assertEquals("exceeded quota: test", failure.text("message"));
        api.await("an Event", () -> api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("reason").equals("FailedCreate")
                && e.text("message").equals("Error creating: exceeded quota: test")));
        quota.close();
        api.await("complete", () -> web().number("status", "availableReplicas").orElse(0) == 3 && condition(web(), "ReplicaFailure").isEmpty());
        assertEquals(0, room.health().failures());
    }

    @Test
    void aNameThatIsTakenByAnotherReplicaSetIsGoneRound() throws Exception {
        admin.create(Resources.DEPLOYMENTS, "default", deployment(1, "web:1"));
        api.await("one ReplicaSet", () -> api.list(Resources.REPLICA_SETS).size() == 1);
        Obj set = api.list(Resources.REPLICA_SETS).getFirst();
        // another template under the name, owned by nobody and selected by nobody
        admin.delete(Resources.DEPLOYMENTS, "default", "web");
        api.await("the Deployment is gone", () -> admin.get(Resources.DEPLOYMENTS, "default", "web").isEmpty());
        admin.delete(Resources.REPLICA_SETS, "default", set.name());
        Obj other = deployment(0, "other").copy();
        other.set(set.name(), "metadata", "name");
        other.set("other", "spec", "selector", "matchLabels", "app");
        other.set("other", "spec", "template", "metadata", "labels", "app");
        api.await("the name is free", () -> admin.get(Resources.REPLICA_SETS, "default", set.name()).isEmpty());
        admin.create(Resources.REPLICA_SETS, "default", other);
        admin.create(Resources.DEPLOYMENTS, "default", deployment(1, "web:1"));
        api.await("complete", () -> web().number("status", "availableReplicas").orElse(0) == 1);
        assertEquals(1, web().number("status", "collisionCount").orElse(0));
        Obj made = api.list(Resources.REPLICA_SETS).stream().filter(s -> Owners.controller(s).isPresent()).findFirst().orElseThrow();
        assertNotEquals(set.name(), made.name());
    }

    @Test
    void aReplicaSetRelabelledByHandIsLetGo() throws Exception {
        admin.create(Resources.DEPLOYMENTS, "default", deployment(1, "web:1"));
        api.await("complete", () -> web().number("status", "availableReplicas").orElse(0) == 1);
        Obj set = api.list(Resources.REPLICA_SETS).getFirst();
        admin.patch(Resources.REPLICA_SETS, "default", set.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("labels", Obj.of("app", "mine"))));
        api.await("let go", () -> Owners.controller(admin.get(Resources.REPLICA_SETS, "default", set.name()).orElseThrow()).isEmpty());
        Obj owner = web();
        api.await("another one", () -> api.list(Resources.REPLICA_SETS).stream().anyMatch(s -> Owners.ownedBy(s, owner)
                && s.number("status", "availableReplicas").orElse(0) == 1));
    }

    @Test
    void aDeletedDeploymentMakesNothingMore() throws Exception {
        Obj held = deployment(1, "web:1").copy();
        held.set(List.of("test/hold"), "metadata", "finalizers");
        admin.create(Resources.DEPLOYMENTS, "default", held);
        api.await("complete", () -> web().number("status", "availableReplicas").orElse(0) == 1);
        admin.delete(Resources.DEPLOYMENTS, "default", "web");
        admin.patch(Resources.DEPLOYMENTS, "default", "web", "", Patch.MERGE, Obj.of("spec", Obj.of("replicas", 5)));
        api.await("seen", () -> web().number("status", "observedGeneration").orElse(0) == web().number("metadata", "generation").orElse(-1));
        api.await("nobody acts", room::idle);
        assertEquals(1, api.list(Resources.PODS).size());
    }
}
