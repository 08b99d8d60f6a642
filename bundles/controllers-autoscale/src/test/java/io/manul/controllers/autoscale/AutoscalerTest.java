package io.manul.controllers.autoscale;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Key;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An autoscaler of a Deployment, by metrics that a fake of the metrics APIs answers; time passes when the test says so. */
@Timeout(60)
class AutoscalerTest {

    private static final String METRICS = "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now().plusSeconds(600));
    private TestCluster api;
    private Cluster admin;
    private AutoscaleControllers room;
    private Kubelets kubelets;

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        kubelets = new Kubelets(api);
        room = new AutoscaleControllers(api.clusters(), (InstantSource) now::get);
        room.begin(new byte[0]);
        deployment(2);
    }

    @AfterEach
    void close() throws Exception {
        room.end();
        kubelets.close();
        api.close();
    }

    /** A Deployment in name, and its pods, which nobody else would make here. */
    private void deployment(int pods) throws Exception {
        Obj labels = Obj.of("app", "web");
        Obj spec = Obj.of("containers", List.of(Obj.of("name", "c", "image", "web:1", "resources", Obj.of("requests",
                Obj.of("cpu", "100m", "memory", "64Mi")))));
        admin.create(Resources.DEPLOYMENTS, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default"), "spec",
                Obj.of("replicas", pods,
                "selector", Obj.of("matchLabels", labels), "template", Obj.of("metadata", Obj.of("labels", labels.copy()), "spec",
                        spec.copy()))));
        for (int i = 0; i < pods; i++) {
            admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", "p" + i, "namespace", "default", "labels",
                    labels.copy()), "spec", spec.copy()));
        }
        api.await("pods run", () -> api.list(Resources.PODS).stream().allMatch(p -> p.text("status", "phase").equals("Running")));
        String start = now.get().minusSeconds(3600).toString();
        for (Obj p : api.list(Resources.PODS)) {
            admin.patch(Resources.PODS, "default", p.name(), "status", Patch.STRATEGIC, Obj.of("status", Obj.of("startTime", start)));
        }
    }

    private void autoscale(Obj spec) throws Exception {
        spec.put("scaleTargetRef", Obj.of("apiVersion", "apps/v1", "kind", "Deployment", "name", "web")).put("maxReplicas", 10);
        admin.create(Resources.HORIZONTAL_POD_AUTOSCALERS, "default", Obj.of("metadata", Obj.of("name", "web", "namespace", "default"),
                "spec", spec));
    }

    private Obj uses(String cpu) {
        return Obj.of("items", Stream.of("p0", "p1").map(n -> Obj.of("metadata", Obj.of("name", n, "namespace", "default"), "timestamp",
                now.get().toString(), "window", "30s", "containers", List.of(Obj.of("name", "c", "usage", Obj.of("cpu", cpu, "memory",
                        "32Mi"))))).toList());
    }

    private Obj read() throws Exception {
        return admin.get(Resources.HORIZONTAL_POD_AUTOSCALERS, "default", "web").orElseThrow();
    }

    private String condition(String type) throws Exception {
        return read().objects("status", "conditions").stream().filter(c -> c.text("type").equals(type))
                .map(c -> c.text("status") + " " + c.text("reason") + ": " + c.text("message")).findFirst().orElse("");
    }

    private long replicas() throws Exception {
        return admin.get(Resources.DEPLOYMENTS, "default", "web").orElseThrow().number("spec", "replicas").orElse(-1);
    }

    private void look() {
        room.controllers().forEach(c -> c.queue().add(new Key("default", "web")));
    }

    private boolean told(String reason, String message) throws Exception {
        return api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("reason").equals(reason) && e.text("message").equals(message));
    }

    @Test
    void withoutAMetricsApiItSaysSo() throws Exception {
        api.missing(METRICS);
        autoscale(Obj.of());
        api.await("told", () -> condition("ScalingActive")
                .startsWith("False FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to "
                + "get cpu utilization: unable to get metrics for resource cpu: "
                + "unable to fetch metrics from resource metrics API: the server could not find the requested resource"));
        assertEquals("True SucceededGetScale: the HPA controller was able to get the target's current scale", condition("AbleToScale"));
        assertEquals(2, read().number("status", "currentReplicas").orElse(0));
        assertEquals(2, replicas());
    }

    @Test
    void itGrowsWithTheUseAndShrinksAfterFiveMinutes() throws Exception {
        AtomicReference<String> cpu = new AtomicReference<>("160m");
        api.answer(METRICS, () -> uses(cpu.get()));
        autoscale(Obj.of());
        api.await("four", () -> replicas() == 4);
        api.await("told", () -> told("SuccessfulRescale",
                "New size: 4; reason: cpu resource utilization (percentage of request) above target"));
        api.await("said", () -> condition("AbleToScale")
                .equals("True SucceededRescale: the HPA controller was able to update the target scale to 4"));
        api.await("status", () -> read().objects("status", "currentMetrics").size() == 1);
        Obj current = read().objects("status", "currentMetrics").getFirst();
        assertEquals("160", current.number("resource", "current", "averageUtilization").orElse(0) + "");
        assertEquals("160m", current.text("resource", "current", "averageValue"));
        assertEquals(4, read().number("status", "desiredReplicas").orElse(0));
        cpu.set("10m");
        now.set(now.get().plusSeconds(60));
        look();
        api.await("not yet", () -> condition("AbleToScale").startsWith("True ScaleDownStabilized"));
        assertEquals(4, replicas());
        now.set(now.get().plusSeconds(301));
        look();
        api.await("one", () -> replicas() == 1);
        api.await("told", () -> told("SuccessfulRescale", "New size: 1; reason: All metrics below target"));
    }

    @Test
    void otherMetricsComeFromTheirApis() throws Exception {
        api.answer("/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/%2A/", () -> Obj.of());
        api.answer("/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/requests", () -> Obj.of("items", Stream.of("p0", "p1")
                .map(n -> Obj.of(
                "describedObject", Obj.of("kind", "Pod", "name", n), "timestamp", now.get().toString(), "value", "30")).toList()));
        api.answer("/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/services/web/hits", () -> Obj.of("items",
                List.of(Obj.of("timestamp",
                now.get().toString(), "value", "4k"))));
        api.answer("/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue", () -> Obj.of("items",
                List.of(Obj.of("value", "7"), Obj.of("value", "5"))));
        autoscale(Obj.of("metrics", List.of(
                Obj.of("type", "Pods", "pods", Obj.of("metric", Obj.of("name", "requests"), "target", Obj.of("type", "AverageValue",
                        "averageValue", "20"))),
                Obj.of("type", "Object", "object", Obj.of("describedObject", Obj.of("apiVersion", "v1", "kind", "Service", "name", "web"),
                        "metric",
                        Obj.of("name", "hits"), "target", Obj.of("type", "Value", "value", "2k"))),
                Obj.of("type", "External", "external", Obj.of("metric", Obj.of("name", "queue"), "target", Obj.of("type", "AverageValue",
                        "averageValue", "4"))))));
        api.await("four, by the object", () -> replicas() == 4 && read().objects("status", "currentMetrics").size() == 3);
        assertEquals("30", read().objects("status", "currentMetrics").get(0).text("pods", "current", "averageValue"));
        assertEquals("4k", read().objects("status", "currentMetrics").get(1).text("object", "current", "value"));
        assertEquals("True ValidMetricFound: the HPA was able to successfully calculate a replica count from Service metric hits",
                condition("ScalingActive"));
    }

    @Test
    void beyondItsLimitsItGoesThereAtOnce() throws Exception {
        autoscale(Obj.of("minReplicas", 5));
        api.await("five", () -> replicas() == 5);
        api.await("told", () -> told("SuccessfulRescale", "New size: 5; reason: Current number of replicas below Spec.MinReplicas"));
    }

    @Test
    void atZeroItIsOff() throws Exception {
        admin.patch(Resources.DEPLOYMENTS, "default", "web", "", Patch.MERGE, Obj.of("spec", Obj.of("replicas", 0)));
        autoscale(Obj.of());
        api.await("off", () -> condition("ScalingActive")
                .equals("False ScalingDisabled: scaling is disabled since the replica count of the target is zero"));
    }

    @Test
    void aTargetThatIsNotThereIsTold() throws Exception {
        admin.delete(Resources.DEPLOYMENTS, "default", "web");
        autoscale(Obj.of());
        api.await("told", () -> condition("AbleToScale")
                .equals("False FailedGetScale: the HPA controller was unable to get the target's current scale: "
                + "deployments.apps \"web\" not found"));
    }

    @Test
    void twoForTheSamePodsDoNothing() throws Exception {
        api.answer(METRICS, () -> uses("160m"));
        autoscale(Obj.of("metrics", List.of(Obj.of("type", "Resource", "resource", Obj.of("name", "cpu", "target",
                Obj.of("type", "Utilization", "averageUtilization", 160))))));
        api.await("first", () -> condition("ScalingActive").startsWith("True"));
        Obj second = read().copy();
        second.set("web2", "metadata", "name");
        for (String field : List.of("uid", "resourceVersion", "creationTimestamp")) {
            second.remove("metadata", field);
        }
        admin.create(Resources.HORIZONTAL_POD_AUTOSCALERS, "default", second);
        api.await("told", () -> told("AmbiguousSelector",
                "pods by selector app=web are controlled by multiple HPAs: [default/web, default/web2]"));
        assertEquals(2, replicas());
    }

    @Test
    void aSwapLeavesTheNumberAlone() throws Exception {
        api.answer(METRICS, () -> uses("80m"));
        autoscale(Obj.of());
        for (int i = 0; i < 20; i++) {
            room.end();
            assertEquals(0, Threads.named("horizontal-pod-autoscaler-") + Threads.named("events-"), "threads left by turn " + i);
            room = new AutoscaleControllers(api.clusters(), (InstantSource) now::get);
            room.begin(new byte[0]);
            api.await("looked", () -> room.idle());
            assertEquals(0, room.health().failures());
        }
        assertEquals(2, replicas());
    }
}
