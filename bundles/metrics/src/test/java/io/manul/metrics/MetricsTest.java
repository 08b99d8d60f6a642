package io.manul.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** metrics.k8s.io through a real apiserver; the kubelet of n1 uses half a core on its node and a quarter in its one container. */
@Timeout(60)
class MetricsTest {

    private static final String VERSION = "/apis/metrics.k8s.io/v1beta1";
    private final AtomicInteger scrapes = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile boolean away;
    private TestCluster api;
    private Cluster admin;
    private String uid;

    @BeforeEach
    void begin() throws Exception {
        api = new TestCluster().withServiceAccount().room("kubelet", this::kubelet);
        Cluster own = api.clusters().controller("metrics-server", "metrics");
        Handler handler = new MetricsHandler(own, new Scraper(own, () -> now, d -> now = now.plus(d)), () -> now);
        api.room("metrics", handler);
        admin = api.admin();
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1", "labels", Obj.of("zone", "a"))));
        Obj pod = admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default", "labels", Obj.of("app", "web")),
                "spec", Obj.of("nodeName", "n1", "containers", List.of(Obj.of("name", "app", "image", "web:1")))));
        uid = pod.uid();
        admin.patch(Resources.PODS, "default", "web", "status", Patch.MERGE, Obj.of("status", Obj.of("phase", "Running", "containerStatuses",
                List.of(Obj.of("name", "app", "ready", true, "restartCount", 0, "image", "web:1", "imageID", "x", "state",
                        Obj.of("running", Obj.of("startedAt", "2025-12-31T00:00:00Z")))))));
    }

    private void kubelet(Exchange x) {
        if (away) {
            x.reply(500, Map.of("content-type", "application/json"), Obj.of("kind", "Status", "message", "away").bytes());
            return;
        }
        scrapes.incrementAndGet();
        long nanos = Duration.between(Instant.EPOCH, now).toMillis() % 1_000_000_000 * 1_000_000;
        Obj container = use(nanos / 4, 64 << 20).put("name", "app");
        x.reply(200, Map.of("content-type", "application/json"), Obj.of("node", use(nanos / 2, 1 << 30), "pods", List.of(Obj.of("podRef",
                Obj.of("uid", uid), "containers", List.of(container)))).bytes());
    }

    private static Obj use(long cpu, long memory) {
        return Obj.of("cpu", Obj.of("usageCoreNanoSeconds", cpu), "memory", Obj.of("workingSetBytes", memory));
    }

    @AfterEach
    void end() throws Exception {
        api.close();
    }

    @Test
    void nodesAndPods() throws Exception {
        Obj node = admin.raw("GET", VERSION + "/nodes/n1", null);
        assertEquals("NodeMetrics", node.kind());
        assertEquals("500000000n", node.text("usage", "cpu"));
        assertEquals("1048576Ki", node.text("usage", "memory"));
        assertEquals("1s", node.text("window"));
        assertEquals(2, scrapes.get(), "two samples when nobody asked before");
        Obj pods = admin.raw("GET", VERSION + "/namespaces/default/pods", null);
        assertEquals("PodMetricsList", pods.kind());
        Obj pod = pods.objects("items").getFirst();
        assertEquals("250000000n", pod.objects("containers").getFirst().text("usage", "cpu"));
        assertEquals("65536Ki", pod.objects("containers").getFirst().text("usage", "memory"));
        assertEquals(2, scrapes.get(), "the answer holds for a few seconds");
        now = now.plusSeconds(15);
        assertEquals("15s", admin.raw("GET", VERSION + "/pods", null).objects("items").getFirst().text("window"));
        assertEquals(3, scrapes.get(), "what the one before told is used");
        now = now.plusSeconds(600);
        assertEquals("1s", admin.raw("GET", VERSION + "/nodes", null).objects("items").getFirst().text("window"), "and forgotten when it is old");
    }

    @Test
    void selectors() throws Exception {
        assertEquals(1, admin.raw("GET", VERSION + "/pods?labelSelector=app%3Dweb", null).objects("items").size());
        assertEquals(0, admin.raw("GET", VERSION + "/pods?labelSelector=app%3Dother", null).objects("items").size());
        assertEquals(1, admin.raw("GET", VERSION + "/nodes?labelSelector=zone%3Da", null).objects("items").size());
    }

    @Test
    void refusals() throws Exception {
        assertEquals(404, code("GET", VERSION + "/nodes/none"));
        assertEquals(405, code("DELETE", VERSION + "/nodes/n1"));
        assertEquals(405, code("GET", VERSION + "/pods?watch=true"));
        assertEquals(404, code("GET", VERSION + "/services"));
        away = true;
        now = now.plusSeconds(600);
        assertEquals(404, code("GET", VERSION + "/nodes/n1"), "a node that does not answer has no metrics");
    }

    private int code(String method, String path) throws InterruptedException {
        try {
            admin.raw(method, path, null);
            return 200;
        } catch (ClusterException e) {
            return e.code();
        }
    }

    @Test
    void whoMayNotReadPodsMayNotReadTheirMetrics() throws Exception {
        Cluster somebody = api.clusters().as("somebody", List.of(), "test");
        try {
            somebody.raw("GET", VERSION + "/pods", null);
            throw new AssertionError("was allowed");
        } catch (ClusterException e) {
            assertEquals(403, e.code());
            assertTrue(e.getMessage().contains("cannot list resource \"pods\" in API group \"metrics.k8s.io\""), e.getMessage());
        }
    }

    @Test
    void discoveryShowsIt() throws Exception {
        Obj list = admin.raw("GET", VERSION, null);
        assertEquals(List.of("NodeMetrics", "PodMetrics"), list.objects("resources").stream().map(Obj::kind).toList());
        assertTrue(admin.raw("GET", "/apis", null).objects("groups").stream().anyMatch(g -> g.text("name").equals("metrics.k8s.io")));
        assertTrue(admin.raw("GET", "/openapi/v3/apis/metrics.k8s.io/v1beta1", null).has("paths", VERSION + "/nodes/{name}"));
    }

    /** "While I am being replaced": versions take turns, and every question is answered. */
    @Test
    void swappedWhileAsked() throws Exception {
        for (int i = 0; i < 20; i++) {
            Metrics next = new Metrics(api.clusters());
            next.begin(new byte[0]);
            Cluster own = api.clusters().controller("metrics-server", "metrics");
            api.room("metrics", new MetricsHandler(own, new Scraper(own, () -> now, d -> now = now.plus(d)), () -> now));
            assertEquals("500000000n", admin.raw("GET", VERSION + "/nodes/n1", null).text("usage", "cpu"), "turn " + i);
            next.end();
            assertEquals(0, Threads.named("metrics-"), "threads left by turn " + i);
        }
    }
}
