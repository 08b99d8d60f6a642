package io.manul.kubelet.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Events;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatus;
import io.manul.cri.v1.ExecSyncResponse;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodProbesTest {

    private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final Events events = new Events() {
        @Override
        public void normal(Obj about, String reason, String message) {
            told.add(reason + " " + message);
        }

        @Override
        public void warning(Obj about, String reason, String message) {
            told.add(about.text("fieldPath") + " " + reason + " " + message);
        }

        @Override
        public void close() {
        }
    };
    private final PodProbes probes = new PodProbes(new Prober(runtime()), events, InstantSource.system(), () -> changes.add("changed"));

    /** A container in which commands exit as the queue says; they wait for it. */
    private ContainerRuntime runtime() {
        return (ContainerRuntime) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ContainerRuntime.class}, (p, m, a) -> {
            assertEquals("execSync", m.getName());
            int exit = exits.take();
            if (exit == 98) {
                throw new CriException(CriException.Code.UNAVAILABLE, "ExecSync: server is not initialized yet");
            }
            if (exit == 99) {
                throw new CriException(CriException.Code.DEADLINE_EXCEEDED, "too late");
            }
            return ExecSyncResponse.newBuilder().setExitCode(exit)
                    .setStderr(com.google.protobuf.ByteString.copyFromUtf8(exit == 0 ? "" : "no " + exit)).build();
        });
    }

    @AfterEach
    void close() {
        probes.close();
    }

    private static Pod pod(String probesOfC, String status) {
        return new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\",\"uid\":\"u\"},\"spec\":{\"containers\":[{\"name\":\"c\","
                + probesOfC + "}]},\"status\":{\"containerStatuses\":[" + status + "]}}"));
    }

    private static String probe(String field, String more) {
        return "\"" + field + "\":{\"exec\":{\"command\":[\"test\"]},\"periodSeconds\":1" + more + "}";
    }

    private static Instance running(String id) {
        return new Instance(id, "c", "s", ContainerStatus.newBuilder().setState(ContainerState.CONTAINER_RUNNING).build());
    }

    private static Observed seen(Instance... instances) {
        return new Observed(List.of(), List.of(instances));
    }

    private void news() throws InterruptedException {
        assertEquals("changed", changes.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void withoutProbesARunningContainerIsStartedAndReady() {
        Obj container = pod("\"image\":\"i\"", "").containers().getFirst();
        assertTrue(probes.started(container, running("1")) && probes.ready(container, running("1")));
        assertTrue(probes.unhealthy(running("1")).isEmpty());
    }

    @Test
    void readinessFollowsItsThresholds() throws Exception {
        Pod pod = pod(probe("readinessProbe", ",\"failureThreshold\":2"), "");
        Obj c = pod.containers().getFirst();
        Instance i = running("1");
        probes.sync(pod, seen(i), "10.0.0.1");
        assertFalse(probes.ready(c, i));
        exits.add(0);
        news();
        assertTrue(probes.ready(c, i));
        exits.addAll(List.of(1, 0, 1, 1));
        news();
        assertFalse(probes.ready(c, i));
        assertEquals("spec.containers{c} Unhealthy Readiness probe failed: no 1", told.poll(20, TimeUnit.SECONDS));
        assertTrue(probes.unhealthy(i).isEmpty());
    }

    @Test
    void whileThePodEndsOnlyReadinessIsAskedFor() throws Exception {
        Pod pod = pod(probe("readinessProbe", ",\"failureThreshold\":1") + "," + probe("livenessProbe", ",\"failureThreshold\":1"), "");
        Obj c = pod.containers().getFirst();
        Instance i = running("1");
        probes.sync(pod, seen(i), "10.0.0.1");
        probes.ending();
        exits.add(0);
        news();
        assertTrue(probes.ready(c, i));
        exits.add(1);
        news();
        assertFalse(probes.ready(c, i));
        assertTrue(probes.unhealthy(i).isEmpty());
        assertEquals("spec.containers{c} Unhealthy Readiness probe failed: no 1", told.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void aRuntimeThatIsAwaySaysNothingAboutTheContainer() throws Exception {
        Pod pod = pod(probe("livenessProbe", ",\"failureThreshold\":1"), "");
        probes.sync(pod, seen(running("1")), "10.0.0.1");
        exits.add(98);
        assertEquals("spec.containers{c} Unhealthy Liveness probe errored and resulted in unknown state: "
                + "rpc error: code = Unavailable desc = server is not initialized yet", told.poll(20, TimeUnit.SECONDS));
        exits.add(0);
        assertTrue(probes.unhealthy(running("1")).isEmpty());
        exits.add(1);
        news();
        assertEquals("Container c failed liveness probe, will be restarted", probes.unhealthy(running("1")).orElseThrow());
    }

    @Test
    void startupComesFirstAndAFailedOneAsksForARestart() throws Exception {
        Pod pod = pod(probe("startupProbe", ",\"failureThreshold\":2,\"terminationGracePeriodSeconds\":7") + ","
                + probe("livenessProbe", ",\"failureThreshold\":1"), "");
        Obj c = pod.containers().getFirst();
        probes.sync(pod, seen(running("1")), "");
        assertFalse(probes.started(c, running("1")));
        exits.addAll(List.of(1, 99));
        news();
        assertEquals("Container c failed startup probe, will be restarted", probes.unhealthy(running("1")).orElseThrow());
        assertEquals(7, probes.grace(c, running("1")).orElseThrow());
        probes.sync(pod, seen(running("2")), "");
        assertTrue(probes.unhealthy(running("1")).isEmpty());
        exits.add(0);
        news();
        assertTrue(probes.started(c, running("2")));
        probes.sync(pod, seen(running("2")), "");
        exits.add(3);
        news();
        assertEquals("Container c failed liveness probe, will be restarted", probes.unhealthy(running("2")).orElseThrow());
        assertTrue(told.contains("spec.containers{c} Unhealthy Startup probe failed: command timed out: \"test\" timed out after 1s"));
    }

    @Test
    void whatTheApiKnowsOfThisVeryContainerHoldsAfterARestartOfOurs() throws Exception {
        Pod pod = pod(probe("startupProbe", "") + "," + probe("readinessProbe", ""),
                "{\"name\":\"c\",\"containerID\":\"containerd://1\",\"started\":true,\"ready\":true}");
        Obj c = pod.containers().getFirst();
        probes.sync(pod, seen(running("1")), "");
        assertTrue(probes.started(c, running("1")) && probes.ready(c, running("1")));
        probes.sync(pod, seen(running("2")), "");
        assertFalse(probes.started(c, running("2")) || probes.ready(c, running("2")));
    }
}
