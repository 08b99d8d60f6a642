package io.manul.kubelet.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.model.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {

    private static final Obj NODE = Obj.parse("""
            {"metadata":{"name":"n1","labels":{"disk":"ssd","rack":"7"}},
             "status":{"allocatable":{"cpu":"2","memory":"1Gi","pods":"3","ephemeral-storage":"10Gi"}}}""");
    private final Admission admission = new Admission();
    private final List<Pod> all = new ArrayList<>();

    private Pod pod(String uid, String spec) {
        Pod pod = new Pod(Obj.parse("{\"metadata\":{\"name\":\"" + uid + "\",\"uid\":\"" + uid + "\"},\"spec\":" + spec + "}"));
        all.removeIf(p -> p.uid().equals(uid));
        all.add(pod);
        return pod;
    }

    private String said(Pod pod, boolean runs) {
        return admission.refusal(pod, runs, all, NODE).map(r -> r.text("reason") + "|" + r.text("message")).orElse("");
    }

    private static String asks(String requests) {
        return "{\"containers\":[{\"name\":\"c\",\"resources\":{\"requests\":" + requests + "}}]}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"containers":[{"name":"c"}]}                                            | ``
            {"nodeSelector":{"disk":"ssd"},"containers":[]}                          | ``
            {"nodeSelector":{"disk":"hdd"},"containers":[]}                          | NodeAffinity
            {"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"rack","operator":"Gt","values":["6"]}]}]}}},"containers":[]} | ``
            {"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In","values":["n2"]}]}]}}},"containers":[]} | NodeAffinity
            {"securityContext":{"sysctls":[{"name":"net.ipv4.tcp_syncookies","value":"1"},{"name":"kernel/shm_rmid_forced","value":"1"}]},"containers":[]} | ``
            {"securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"1"}]},"containers":[]} | SysctlForbidden
            {"hostNetwork":true,"securityContext":{"sysctls":[{"name":"net.ipv4.tcp_syncookies","value":"1"}]},"containers":[]} | SysctlForbidden
            {"containers":[{"name":"c","resources":{"requests":{"cpu":"2"}}}]}       | ``
            {"containers":[{"name":"c","resources":{"requests":{"cpu":"2001m"}}}]}   | OutOfcpu
            {"containers":[{"name":"c","resources":{"limits":{"memory":"2Gi"}}}]}    | OutOfmemory
            {"containers":[{"name":"c","resources":{"requests":{"vendor.io/gpu":"1"}}}]} | OutOfvendor.io/gpu
            """)
    void alone(String spec, String reason) {
        String said = said(pod("a", spec), false);
        assertEquals(reason, said.isEmpty() ? "" : said.substring(0, said.indexOf('|')));
    }

    @Test
    void theEventSaysOnlyWhy() {
        Obj refusal = admission.refusal(pod("a", "{\"nodeSelector\":{\"disk\":\"hdd\"},\"containers\":[]}"), false, all, NODE).orElseThrow();
        assertEquals("Pod was rejected: " + Admission.told(refusal), refusal.text("message"));
        assertEquals("Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector", Admission.told(refusal));
    }

    @Test
    void whatOthersUseIsUsed() {
        assertEquals("", said(pod("a", asks("{\"cpu\":\"1500m\"}")), false));
        Pod late = pod("b", asks("{\"cpu\":\"1\"}"));
        assertEquals("OutOfcpu|Pod was rejected: Node didn't have enough resource: cpu, requested: 1000, used: 1500, capacity: 2000", said(late, false));
        all.removeIf(p -> p.uid().equals("a"));
        assertEquals("", said(late, false));
    }

    @Test
    void whoRunsStaysWhateverTheNodeSays() {
        assertEquals("", said(pod("a", asks("{\"cpu\":\"64\"}")), true));
        assertEquals("", said(all.getFirst(), false));
        assertTrue(said(pod("b", asks("{\"cpu\":\"1m\"}")), false).startsWith("OutOfcpu|"));
    }

    @Test
    void hostPorts() {
        String a = "{\"containers\":[{\"name\":\"c\",\"ports\":[{\"containerPort\":80,\"hostPort\":8080,\"hostIP\":\"10.0.0.1\"}]}]}";
        assertEquals("", said(pod("a", a), false));
        assertEquals("", said(pod("b", a.replace("10.0.0.1", "10.0.0.2")), false));
        assertTrue(said(pod("c", a.replace("10.0.0.1", "")), false).startsWith("NodePorts|"));
    }

    @Test
    void podsAreCounted() {
        for (String uid : List.of("a", "b", "c")) {
            assertEquals("", said(pod(uid, "{\"containers\":[]}"), false));
        }
        assertEquals("OutOfpods|Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
                said(pod("d", "{\"containers\":[]}"), false));
    }

    @Test
    void initContainersAndSidecars() {
        Pod pod = pod("a", """
                {"overhead":{"cpu":"10m"},"initContainers":[
                  {"name":"i","resources":{"requests":{"cpu":"900m","memory":"10Mi"}}},
                  {"name":"s","restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}},
                  {"name":"j","resources":{"requests":{"cpu":"500m","memory":"64Mi"}}}],
                 "containers":[{"name":"c","resources":{"requests":{"cpu":"200m"},"limits":{"cpu":"1","memory":"20Mi"}}},
                  {"name":"d","resources":{"requests":{"cpu":"300m"}}}]}""");
        assertEquals(Map.of("cpu", 910L, "memory", 64L << 20, "pods", 1L), Requests.of(pod));
    }
}
