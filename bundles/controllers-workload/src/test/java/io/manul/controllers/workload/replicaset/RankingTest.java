package io.manul.controllers.workload.replicaset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The order of Kubernetes, "ReplicaSet", scaling down, each pair by its first difference. */
class RankingTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static Obj pod(String name) {
        return Obj.of("metadata", Obj.of("name", name, "uid", name, "creationTimestamp", "2026-01-01T00:00:00Z"), "spec", Obj.of("nodeName", "n1"),
                "status", Obj.of("phase", "Running", "conditions", List.of(Obj.of("type", "Ready", "status", "True",
                        "lastTransitionTime", "2026-01-01T00:00:10Z"))));
    }

    private static String order(Map<String, Long> company, Obj... pods) {
        return String.join(" ", Ranking.first(List.of(pods), pods.length, company, NOW).stream().map(Obj::name).toList());
    }

    @Test
    void theLeastLossGoesFirst() {
        Obj plain = pod("plain");
        assertEquals("x plain", order(Map.of(), plain, pod("x").set(null, "spec", "nodeName")), "without a node");
        assertEquals("x plain", order(Map.of(), plain, pod("x").set("Pending", "status", "phase")), "pending");
        assertEquals("x plain", order(Map.of(), plain, pod("x").set(List.of(), "status", "conditions")), "not ready");
        assertEquals("x plain", order(Map.of(), plain, pod("x").set("-1", "metadata", "annotations", "controller.kubernetes.io/pod-deletion-cost")),
                "cheaper");
        assertEquals("x plain", order(Map.of("n1", 1L, "n2", 2L), plain, pod("x").set("n2", "spec", "nodeName")), "more company on its node");
        assertEquals("x plain", order(Map.of(), plain, pod("x").set(List.of(Obj.of("type", "Ready", "status", "True",
                "lastTransitionTime", "2026-01-01T11:59:00Z")), "status", "conditions")), "ready for a shorter time");
        assertEquals("x plain", order(Map.of(), plain, pod("x").set(List.of(Obj.of("restartCount", 3)), "status", "containerStatuses")), "restarted more often");
        assertEquals("x plain", order(Map.of(), plain, pod("x").set("2026-01-01T11:59:00Z", "metadata", "creationTimestamp")), "younger");
        assertEquals("plain y", order(Map.of(), pod("y"), plain), "alike: by uid");
    }

    @Test
    void anEarlierDifferenceCountsMore() {
        Obj expensivePending = pod("a").set("Pending", "status", "phase").set("100", "metadata", "annotations", "controller.kubernetes.io/pod-deletion-cost");
        assertEquals("a b", order(Map.of(), pod("b"), expensivePending));
    }

    @Test
    void noMoreThanAskedFor() {
        assertEquals(1, Ranking.first(List.of(pod("a"), pod("b")), 1, Map.of(), NOW).size());
    }
}
