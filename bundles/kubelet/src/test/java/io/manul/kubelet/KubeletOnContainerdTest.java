package io.manul.kubelet;

import static io.manul.kubelet.Machine.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.gate.Gate;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.cri.v1.ExecSyncRequest;
import io.manul.images.BusyboxImage;
import io.manul.json.Obj;
import io.manul.kubelet.pod.NetworkGuard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The whole kubelet on real containerd and runc, against an API in a map; needs root. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KubeletOnContainerdTest {

    private Machine machine;
    private final FakeCluster cluster = new FakeCluster();
    private Kubelet kubelet;
    private String web;

    @BeforeAll
    void start() throws Exception {
        Assumptions.assumeTrue(Machine.usable(), "needs root, containerd and runc");
        machine = new Machine();
        machine.begin();
        begin(new byte[0]);
    }

    private void begin(byte[] state) throws Exception {
        kubelet = new Kubelet(machine.settings, cluster, machine.runtime(),
                new NetworkGuard(new Gate<>("network-policy", Duration.ZERO), cluster, false), InstantSource.system());
        kubelet.start(state);
    }

    @AfterAll
    void stop() throws Exception {
        if (kubelet != null) {
            kubelet.close();
        }
        if (machine != null) {
            machine.close();
        }
    }

    private void pod(String name, String policy, String script, String more) throws Exception {
        cluster.create(Resources.PODS, "ns", Obj.parse("{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"nodeName\":\"test\",\"restartPolicy\":\""
                + policy + "\",\"terminationGracePeriodSeconds\":2,\"containers\":[{\"name\":\"main\",\"image\":\"" + BusyboxImage.NAME
                + "\",\"command\":[\"/bin/busybox\",\"sh\",\"-c\",\"" + script + "\"]" + more + "}],\"volumes\":[{\"name\":\"cm\",\"configMap\":{\"name\":\"cm\"}}]}}"));
    }

    private Obj status(String name) {
        return cluster.get(Resources.PODS, "ns", name).map(o -> o.at("status")).orElseGet(Obj::of);
    }

    private Obj main(String name) {
        return status(name).objects("containerStatuses").stream().findFirst().orElseGet(Obj::of);
    }

    private boolean ready(String name) {
        return status(name).objects("conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"));
    }

    private String exec(String... command) throws Exception {
        String id = web.substring("containerd://".length());
        return machine.runtime().execSync(ExecSyncRequest.newBuilder().setContainerId(id).addAllCmd(List.of(command)).setTimeout(10).build())
                .getStdout().toStringUtf8().strip();
    }

    @Test
    @Order(1)
    void theNodeIsReadyAndItsLeaseIsRenewed() throws Exception {
        Obj node = eventually(() -> cluster.get(Resources.NODES, "", "test").filter(n -> n.objects("status", "conditions").stream()
                .anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"))).orElse(null),
                () -> cluster.get(Resources.NODES, "", "test").toString());
        assertEquals("a", node.labels().get("plant"));
        assertEquals("test", node.labels().get("kubernetes.io/hostname"));
        assertTrue(node.text("status", "nodeInfo", "containerRuntimeVersion").startsWith("containerd://"), node.toString());
        assertEquals("110", node.text("status", "capacity", "pods"));
        eventually(() -> cluster.get(Resources.LEASES, "kube-node-lease", "test").map(l -> l.has("spec", "renewTime")).orElse(false), () -> "lease");
    }

    @Test
    @Order(2)
    void aPodRunsWithItsVolumesAndBecomesReady() throws Exception {
        cluster.create(Resources.CONFIG_MAPS, "ns", Obj.parse("{\"metadata\":{\"name\":\"cm\"},\"data\":{\"key\":\"one\"}}"));
        pod("web", "Always", "trap 'exit 0' TERM; while true; do sleep 1; done", ",\"volumeMounts\":[{\"name\":\"cm\",\"mountPath\":\"/cm\"}],"
                + "\"env\":[{\"name\":\"IP\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"status.podIP\"}}}],"
                + "\"readinessProbe\":{\"exec\":{\"command\":[\"/bin/busybox\",\"test\",\"-f\",\"/cm/key\"]},\"periodSeconds\":1}");
        eventually(() -> ready("web"), () -> status("web") + " " + cluster.events);
        web = main("web").text("containerID");
        assertEquals("Running", status("web").text("phase"));
        assertEquals(status("web").text("podIP"), exec("/bin/busybox", "sh", "-c", "echo $IP"));
        assertEquals("one", exec("/bin/busybox", "cat", "/cm/key"));
        assertTrue(cluster.events.containsAll(List.of("web Pulled", "web Created", "web Started")), cluster.events.toString());
    }

    @Test
    @Order(3)
    void aChangedConfigMapReachesTheRunningContainer() throws Exception {
        cluster.update(Resources.CONFIG_MAPS, "ns", Obj.parse("{\"metadata\":{\"name\":\"cm\",\"namespace\":\"ns\"},\"data\":{\"key\":\"two\"}}"));
        eventually(() -> exec("/bin/busybox", "cat", "/cm/key").equals("two"), () -> "the new value");
    }

    @Test
    @Order(4)
    void anotherVersionFindsThePodUntouched() throws Exception {
        kubelet.close();
        byte[] state = kubelet.save();
        begin(state);
        pod("second", "Never", "echo last words > /dev/termination-log; exit 3", "");
        eventually(() -> status("second").text("phase").equals("Failed"), () -> status("second").toString());
        assertEquals(3, main("second").number("state", "terminated", "exitCode").orElse(0));
        assertEquals("last words\n", main("second").text("state", "terminated", "message"));
        assertEquals(web, main("web").text("containerID"));
        assertEquals(0, main("web").number("restartCount").orElse(-1));
        assertTrue(ready("web"));
    }

    @Test
    @Order(5)
    void aContainerThatFailsIsRestartedThenHeldBack() throws Exception {
        pod("crash", "Always", "exit 1", "");
        eventually(() -> main("crash").text("state", "waiting", "reason").equals("CrashLoopBackOff"), () -> status("crash").toString());
        assertEquals(1, main("crash").number("restartCount").orElse(0));
        assertEquals(1, main("crash").number("lastState", "terminated", "exitCode").orElse(0));
    }

    @Test
    @Order(6)
    void whatCannotStartSaysWhy() throws Exception {
        pod("lost", "Always", "true", ",\"envFrom\":[{\"secretRef\":{\"name\":\"nope\"}}]");
        eventually(() -> main("lost").text("state", "waiting", "reason").equals("CreateContainerConfigError"), () -> status("lost").toString());
        assertEquals("secret \"nope\" not found", main("lost").text("state", "waiting", "message"));
    }

    @Test
    @Order(7)
    void deletedPodsLeaveNothingBehind() throws Exception {
        for (String name : List.of("web", "second", "crash", "lost")) {
            cluster.delete(Resources.PODS, "ns", name, Propagation.DEFAULT, OptionalLong.empty(), "");
        }
        eventually(() -> cluster.list(Resources.PODS, io.manul.client.Selection.ALL).items().isEmpty(),
                () -> cluster.list(Resources.PODS, io.manul.client.Selection.ALL).items().toString());
        assertEquals(List.of(), machine.sandboxes());
        Places places = Places.of(machine.settings);
        assertEquals(List.of(), files(places.pods()));
        assertEquals(List.of(), files(places.logs()));
        try (Stream<Path> groups = Files.find(Path.of("/sys/fs/cgroup"), 5, (p, a) -> a.isDirectory() && p.toString().contains(places.cgroup() + "/")
                && p.getFileName().toString().startsWith("pod"))) {
            assertEquals(List.of(), groups.toList());
        }
    }

    @Test
    @Order(8)
    void aPodThatWasDeletedWhileNobodyLookedEnds() throws Exception {
        pod("orphan", "Always", "sleep 1000", "");
        eventually(() -> ready("orphan"), () -> status("orphan").toString());
        kubelet.close();
        cluster.delete(Resources.PODS, "ns", "orphan", Propagation.DEFAULT, OptionalLong.of(0), "");
        assertFalse(machine.sandboxes().isEmpty());
        begin(new byte[0]);
        eventually(() -> machine.sandboxes().isEmpty(), () -> Optional.of(machine.sandboxes()).toString());
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
