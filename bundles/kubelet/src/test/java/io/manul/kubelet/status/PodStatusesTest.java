package io.manul.kubelet.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import io.manul.kubelet.Sight;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Observed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStatusesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");

    private static Obj status(Pod pod, Observed seen, Map<String, Obj> waiting, boolean ready, boolean terminal) {
        return PodStatuses.of(pod, seen, new Facts(List.of("192.0.2.1"), waiting, i -> ready, i -> true, i -> "", Optional.empty(), terminal, NOW));
    }

    private static String condition(Obj status, String type) {
        Obj c = status.objects("conditions").stream().filter(o -> o.text("type").equals(type)).findFirst().orElseThrow();
        return (c.text("status") + " " + c.text("reason") + " " + c.text("message")).strip();
    }

    @Test
    void aPodThatIsBeingMade() {
        Pod pod = Sight.containers("Always", "i", "a");
        Obj s = status(pod, Observed.NOTHING, Map.of(), true, false);
        assertEquals("Pending", s.text("phase"));
        assertEquals("2026-01-01T00:00:00Z", s.text("startTime"));
        assertEquals("False", condition(s, "PodReadyToStartContainers"));
        assertEquals("False ContainersNotInitialized containers with incomplete status: [i]", condition(s, "Initialized"));
        assertEquals("False ContainersNotReady containers with unready status: [a]", condition(s, "Ready"));
        assertEquals("PodInitializing", s.objects("containerStatuses").getFirst().text("state", "waiting", "reason"));
        assertEquals("ContainerCreating", status(Sight.containers("Always", "", "a"), Observed.NOTHING, Map.of(), true, false)
                .objects("containerStatuses").getFirst().text("state", "waiting", "reason"));
        assertFalse(s.has("podIP"));
        assertEquals(3, s.number("observedGeneration").orElse(0));
    }

    @Test
    void aPodThatRuns() {
        Pod pod = Sight.containers("Always", "", "a");
        Obj s = status(pod, Sight.of(pod).sandbox().container("a", "running").seen(), Map.of(), true, false);
        assertEquals("Running", s.text("phase"));
        assertEquals("10.1.0.2", s.text("podIP"));
        assertEquals(List.of(Obj.of("ip", "10.1.0.2")), s.objects("podIPs"));
        for (String type : List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")) {
            assertEquals("True", condition(s, type), type);
        }
        Obj a = s.objects("containerStatuses").getFirst();
        assertEquals("containerd://a0", a.text("containerID"));
        assertTrue(a.flag("ready") && a.flag("started"));
    }

    @Test
    void aCrashLoopShowsWhyItWaitsAndWhatTheLastStartCameTo() {
        Pod pod = Sight.containers("Always", "", "a");
        Obj why = Obj.of("reason", "CrashLoopBackOff", "message", "back-off 10s");
        Obj s = status(pod, Sight.of(pod).sandbox().container("a", "1").container("a", "2").seen(), Map.of("a", why), true, false);
        Obj a = s.objects("containerStatuses").getFirst();
        assertEquals("CrashLoopBackOff", a.text("state", "waiting", "reason"));
        assertEquals(2, a.number("lastState", "terminated", "exitCode").orElse(0));
        assertEquals(1, a.number("restartCount").orElse(0));
        assertFalse(a.flag("ready"));
        assertEquals("Running", s.text("phase"));
    }

    @Test
    void aRunningContainerRemembersItsLastEnd() {
        Pod pod = Sight.containers("Always", "", "a");
        Obj a = status(pod, Sight.of(pod).sandbox().container("a", "4").container("a", "running").seen(), Map.of(), false, false)
                .objects("containerStatuses").getFirst();
        assertTrue(a.has("state", "running"));
        assertEquals(4, a.number("lastState", "terminated", "exitCode").orElse(0));
        assertFalse(a.flag("ready"), "its readiness probe says no");
        assertTrue(a.flag("started"));
    }

    @Test
    void aPodThatIsOver() {
        Pod pod = Sight.containers("Never", "", "a");
        Obj s = status(pod, Sight.of(pod).sandbox().container("a", "0").sandbox(false).seen(), Map.of(), true, true);
        assertEquals("Succeeded", s.text("phase"));
        assertEquals("False PodCompleted", condition(s, "Ready"));
        assertEquals("True PodCompleted", condition(s, "Initialized"));
        assertEquals("Completed", s.objects("containerStatuses").getFirst().text("state", "terminated", "reason"));
        Obj failed = status(pod, Sight.of(pod).sandbox().container("a", "1").seen(), Map.of(), true, true);
        assertEquals("Failed", failed.text("phase"));
        assertEquals("False PodFailed", condition(failed, "ContainersReady"));
    }

    @Test
    void conditionsOfOthersAndTransitionTimesStay() {
        Pod pod = Sight.containers("Always", "", "a");
        Observed seen = Sight.of(pod).sandbox().container("a", "running").seen();
        Obj before = status(pod, seen, Map.of(), true, false);
        before.list("conditions").add(Obj.of("type", "example.com/ready", "status", "True").map());
        Pod later = new Pod(pod.object().copy().put("status", before));
        Obj s = PodStatuses.of(later, seen, new Facts(List.of("192.0.2.1"), Map.of(), i -> true, i -> true, i -> "", Optional.empty(), false,
                NOW.plusSeconds(100)));
        assertTrue(PodStatuses.difference(before, s).isEmpty(), () -> PodStatuses.difference(before, s).toString());
    }

    @Test
    void theDifferenceIsOnlyWhatChangedWithNullForWhatGoes() {
        Obj old = Obj.parse("{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\",\"qosClass\":\"Burstable\",\"containerStatuses\":[{\"a\":1,\"b\":null}]}");
        Obj next = Obj.parse("{\"phase\":\"Failed\",\"qosClass\":\"Burstable\",\"containerStatuses\":[{\"a\":1}]}");
        assertEquals("{\"phase\":\"Failed\",\"podIP\":null}", PodStatuses.difference(old, next).toString());
    }

    @Test
    void aPodIsOverWhenItsSidecarsAreOver() {
        Pod pod = new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\",\"uid\":\"u\"},\"status\":{\"phase\":\"Running\"},\"spec\":{\"restartPolicy\":\"Never\","
                + "\"initContainers\":[{\"name\":\"s\",\"restartPolicy\":\"Always\"}],\"containers\":[{\"name\":\"a\"}]}}"));
        Facts deadline = new Facts(List.of("192.0.2.1"), Map.of(), i -> true, i -> true, i -> "",
                Optional.of(Obj.of("reason", "DeadlineExceeded", "message", "m")), false, NOW);
        Observed sidecar = Sight.of(pod).sandbox().container("s", "running").container("a", "0").seen();
        assertEquals("Running", status(pod, sidecar, Map.of(), true, false).text("phase"));
        Obj ending = PodStatuses.of(pod, sidecar, deadline);
        assertEquals("Running", ending.text("phase"));
        assertFalse(ending.has("reason"));
        Observed over = Sight.of(pod).sandbox().container("s", "0").container("a", "0").seen();
        assertEquals("Succeeded", status(pod, over, Map.of(), true, true).text("phase"));
        assertEquals("DeadlineExceeded", PodStatuses.of(pod, over, deadline).text("reason"));
    }

    @Test
    void thePatchTouchesOnlyTheConditionsThatChanged() {
        Obj old = Obj.parse("""
                {"conditions":[{"type":"Ready","status":"False","reason":"ContainersNotReady","message":"m","lastTransitionTime":"t"},
                  {"type":"Initialized","status":"True","lastTransitionTime":"t"},{"type":"example.com/gate","status":"False"}]}""");
        Obj change = Obj.parse("""
                {"phase":"Running","podIP":null,"podIPs":[{"ip":"10.0.0.1"}],
                 "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"u","lastProbeTime":null},
                  {"type":"Initialized","status":"True","lastTransitionTime":"t","lastProbeTime":null},{"type":"example.com/gate","status":"False"}]}""");
        assertEquals(Obj.parse("""
                {"phase":"Running","podIP":null,"podIPs":[{"$patch":"replace"},{"ip":"10.0.0.1"}],
                 "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"u","lastProbeTime":null,"reason":null,"message":null}]}"""),
                PodStatuses.strategic(old, change));
    }
}
