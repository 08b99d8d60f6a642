package io.manul.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.TestSettings;
import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import io.manul.scheduler.config.BadConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole scheduler against the real API. */
@Timeout(60)
class SchedulerTest {

    private TestCluster api;
    private Cluster admin;
    private SchedulerComponent scheduler;

    @BeforeEach
    void begin() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        scheduler = new SchedulerComponent(api.clusters(), TestSettings.of("n1"));
        scheduler.begin(new byte[0]);
    }

    @AfterEach
    void end() throws Exception {
        long failures = scheduler.health().failures();
        scheduler.end();
        api.close();
        assertEquals(0, failures);
    }

    private void node(String name, String cpu) throws Exception {
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", name, "labels", Obj.of("kubernetes.io/hostname", name)), "status",
                Obj.of("allocatable", Obj.of("cpu", cpu, "memory", "8Gi", "pods", "110"))));
    }

    private Obj pod(String name, String cpu, Object... spec) throws Exception {
        Obj s = Obj.of(spec).put("containers", List.of(Obj.of("name", "c", "image", "x:1", "resources", Obj.of("requests", Obj.of("cpu", cpu)))));
        return admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", name), "spec", s));
    }

    private Obj get(String name) throws Exception {
        return admin.get(Resources.PODS, "default", name).orElse(Obj.of());
    }

    private Obj scheduled(String name) throws Exception {
        return get(name).objects("status", "conditions").stream().filter(c -> c.text("type").equals("PodScheduled")).findFirst().orElse(Obj.of());
    }

    private void awaitNode(String name, String node) throws Exception {
        api.await(name + " on " + node, () -> get(name).text("spec", "nodeName").equals(node));
    }

    private void awaitMessage(String name, String message) throws Exception {
        api.await(name + ": " + message, () -> scheduled(name).text("message").equals(message));
    }

    private boolean event(String about, String reason, String message) throws Exception {
        return api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("involvedObject", "name").equals(about) && e.text("reason").equals(reason)
                && e.text("message").equals(message));
    }

    @Test
    void aPodWaitsForItsNode() throws Exception {
        pod("p", "1");
        awaitMessage("p", "no nodes available to schedule pods");
        assertEquals("Unschedulable", scheduled("p").text("reason"));
        node("a", "2");
        awaitNode("p", "a");
        api.await("its event", () -> event("p", "Scheduled", "Successfully assigned default/p to a"));
        pod("q", "2");
        awaitMessage("q", "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: "
                + "1 No preemption victims found for incoming pod.");
        admin.delete(Resources.PODS, "default", "p", Propagation.DEFAULT, OptionalLong.of(0), "");
        awaitNode("q", "a");
    }

    @Test
    void aPodThatMattersMorePushesOneOut() throws Exception {
        admin.create(Resources.PRIORITY_CLASSES, "", Obj.of("metadata", Obj.of("name", "high"), "value", 1000));
        node("a", "2");
        pod("low", "2");
        awaitNode("low", "a");
        Obj high = pod("high", "2", "priorityClassName", "high");
        api.await("low goes", () -> get("low").deleting() || get("low").isEmpty());
        api.await("nominated", () -> get("high").text("status", "nominatedNodeName").equals("a"));
        Obj low = get("low");
        Obj target = low.objects("status", "conditions").stream().filter(c -> c.text("type").equals("DisruptionTarget")).findFirst().orElseThrow();
        assertEquals("PreemptionByScheduler", target.text("reason"));
        assertEquals("default-scheduler: preempting to accommodate a higher priority pod", target.text("message"));
        assertTrue(low.number("metadata", "deletionGracePeriodSeconds").orElse(0) == 30, "with its grace");
        api.await("its event", () -> event("low", "Preempted", "Preempted by pod " + high.uid() + " on node a"));
        awaitMessage("high", "0/1 nodes are available: 1 Insufficient cpu.");
        admin.delete(Resources.PODS, "default", "low", Propagation.DEFAULT, OptionalLong.of(0), "");
        awaitNode("high", "a");
        assertFalse(get("high").has("status", "nominatedNodeName"), "room is no longer made");
    }

    @Test
    void whoseRoomIsTakenByAHigherOneLooksElsewhere() throws Exception {
        admin.create(Resources.PRIORITY_CLASSES, "", Obj.of("metadata", Obj.of("name", "middle"), "value", 500));
        admin.create(Resources.PRIORITY_CLASSES, "", Obj.of("metadata", Obj.of("name", "high"), "value", 1000));
        node("a", "2");
        pod("low", "2");
        awaitNode("low", "a");
        pod("middle", "2", "priorityClassName", "middle");
        api.await("nominated", () -> get("middle").text("status", "nominatedNodeName").equals("a"));
        pod("high", "2", "priorityClassName", "high");
        admin.delete(Resources.PODS, "default", "low", Propagation.DEFAULT, OptionalLong.of(0), "");
        awaitNode("high", "a");
        awaitMessage("middle", "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: "
                + "1 No preemption victims found for incoming pod.");
        assertFalse(get("middle").has("status", "nominatedNodeName"), "room is no longer made");
    }

    @Test
    void aGateIsWaitedFor() throws Exception {
        node("a", "2");
        pod("gated", "1", "schedulingGates", List.of(Obj.of("name", "example.com/g")));
        pod("free", "1");
        awaitNode("free", "a");
        assertEquals("SchedulingGated", scheduled("gated").text("reason"));
        admin.patch(Resources.PODS, "default", "gated", "", Patch.JSON, List.of(Obj.of("op", "remove", "path", "/spec/schedulingGates")));
        awaitNode("gated", "a");
    }

    @Test
    void aClaimIsBoundWhereThePodWillRun() throws Exception {
        node("a", "1");
        node("b", "4");
        admin.create(Resources.STORAGE_CLASSES, "", Obj.of("metadata", Obj.of("name", "local"), "provisioner", "example.com/local",
                "volumeBindingMode", "WaitForFirstConsumer"));
        pod("p", "2", "volumes", List.of(Obj.of("name", "v", "persistentVolumeClaim", Obj.of("claimName", "c"))));
        awaitMessage("p", "0/2 nodes are available: persistentvolumeclaim \"c\" not found. preemption: 0/2 nodes are available: "
                + "2 Preemption is not helpful for scheduling.");
        admin.create(Resources.PERSISTENT_VOLUME_CLAIMS, "default", Obj.of("metadata", Obj.of("name", "c"), "spec", Obj.of("storageClassName", "local",
                "accessModes", List.of("ReadWriteOnce"), "resources", Obj.of("requests", Obj.of("storage", "1Gi")))));
        api.await("the node is told", () -> claim().annotations().getOrDefault("volume.kubernetes.io/selected-node", "").equals("b"));
        assertEquals("", get("p").text("spec", "nodeName"), "it waits for its volume");
        admin.create(Resources.PERSISTENT_VOLUMES, "", volume("v1", "b", Obj.of("namespace", "default", "name", "c", "uid", claim().uid())));
        bound("v1");
        awaitNode("p", "b");
    }

    @Test
    void aVolumeMadeByHandIsGivenToTheClaim() throws Exception {
        node("a", "4");
        node("b", "4");
        admin.create(Resources.STORAGE_CLASSES, "", Obj.of("metadata", Obj.of("name", "local"), "provisioner", "kubernetes.io/no-provisioner",
                "volumeBindingMode", "WaitForFirstConsumer"));
        admin.create(Resources.PERSISTENT_VOLUME_CLAIMS, "default", Obj.of("metadata", Obj.of("name", "c"), "spec", Obj.of("storageClassName", "local",
                "accessModes", List.of("ReadWriteOnce"), "resources", Obj.of("requests", Obj.of("storage", "1Gi")))));
        pod("p", "2", "volumes", List.of(Obj.of("name", "v", "persistentVolumeClaim", Obj.of("claimName", "c"))));
        awaitMessage("p", "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. preemption: 0/2 nodes are available: "
                + "2 Preemption is not helpful for scheduling.");
        admin.create(Resources.PERSISTENT_VOLUMES, "", volume("v1", "b", null));
        admin.patch(Resources.PERSISTENT_VOLUMES, "", "v1", "status", Patch.MERGE, Obj.of("status", Obj.of("phase", "Available")));
        api.await("the volume is given", () -> admin.get(Resources.PERSISTENT_VOLUMES, "", "v1").orElseThrow().text("spec", "claimRef", "uid")
                .equals(claim().uid()));
        bound("v1");
        awaitNode("p", "b");
    }

    private Obj claim() throws Exception {
        return admin.get(Resources.PERSISTENT_VOLUME_CLAIMS, "default", "c").orElseThrow();
    }

    private static Obj volume(String name, String node, Obj claim) {
        return Obj.of("metadata", Obj.of("name", name), "spec", Obj.of("storageClassName", "local", "capacity", Obj.of("storage", "2Gi"),
                "accessModes", List.of("ReadWriteOnce"), "claimRef", claim, "local", Obj.of("path", "/data"), "nodeAffinity", Obj.of("required",
                Obj.of("nodeSelectorTerms", List.of(Obj.of("matchExpressions", List.of(Obj.of("key", "kubernetes.io/hostname", "operator", "In",
                "values", List.of(node)))))))));
    }

    /** As the controller of volumes does. */
    private void bound(String volume) throws Exception {
        admin.patch(Resources.PERSISTENT_VOLUME_CLAIMS, "default", "c", "", Patch.MERGE, Obj.of("metadata", Obj.of("annotations",
                Obj.of("pv.kubernetes.io/bind-completed", "yes")), "spec", Obj.of("volumeName", volume)));
    }

    @Test
    void profilesByFileAndSchedulerName(@TempDir Path folder) throws Exception {
        scheduler.end();
        Path file = Files.writeString(folder.resolve("scheduler.yaml"), """
                apiVersion: kubescheduler.config.k8s.io/v1
                kind: KubeSchedulerConfiguration
                profiles:
                - schedulerName: default-scheduler
                - schedulerName: bin-packer
                  plugins:
                    score: {disabled: [{name: NodeResourcesBalancedAllocation}]}
                  pluginConfig:
                  - name: NodeResourcesFit
                    args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}
                """);
        scheduler = new SchedulerComponent(api.clusters(), TestSettings.of("n1", Map.of("kube-scheduler-arg", "v=2,config=" + file)));
        scheduler.begin(new byte[0]);
        node("a", "4");
        pod("first", "1");
        awaitNode("first", "a");
        node("b", "4");
        for (int i = 0; i < 3; i++) {
            pod("packed-" + i, "1", "schedulerName", "bin-packer");
            awaitNode("packed-" + i, "a");
        }
        pod("usual", "1");
        awaitNode("usual", "b");
        pod("nobodys", "1", "schedulerName", "other");
        pod("after", "1");
        awaitNode("after", "b");
        assertFalse(get("nobodys").has("spec", "nodeName"));
    }

    @Test
    void aFileThatIsWrongStopsTheScheduler(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("bad.yaml"), """
                apiVersion: kubescheduler.config.k8s.io/v1
                kind: KubeSchedulerConfiguration
                profiles:
                - pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: Fullest}}}]
                """);
        SchedulerComponent other = new SchedulerComponent(api.clusters(), TestSettings.of("n1", Map.of("kube-scheduler-arg", "config=" + file)));
        BadConfiguration e = assertThrows(BadConfiguration.class, () -> other.begin(new byte[0]));
        assertEquals("profiles[0].pluginConfig[NodeResourcesFit].args.scoringStrategy.type: Unsupported value: \"Fullest\": supported values: "
                + "\"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"", e.getMessage());
    }
}
