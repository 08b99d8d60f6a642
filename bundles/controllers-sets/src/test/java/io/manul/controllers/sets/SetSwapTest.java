package io.manul.controllers.sets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": two objects take turns while templates change; no node has two pods, no revision is made twice. */
@Timeout(120)
class SetSwapTest {

    private static final int SWAPS = 24;

    private static Obj template(String app, int version) {
        return Obj.of("metadata", Obj.of("labels", Obj.of("app", app)),
                "spec", Obj.of("containers", List.of(Obj.of("name", "c", "image", app + ":" + version))));
    }

    private static Obj set(String app, Obj more) {
        Obj spec = Obj.of("selector", Obj.of("matchLabels", Obj.of("app", app)), "template", template(app, 0));
        more.map().forEach(spec::put);
        return Obj.of("metadata", Obj.of("name", app, "namespace", "default"), "spec", spec);
    }

    @Test
    void rolloutsUnderSwapsEndAtTheLastTemplate() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount(); Kubelets kubelets = new Kubelets(api)) {
            Cluster admin = api.admin();
            for (String node : List.of("n1", "n2", "n3")) {
                admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", node)));
            }
            Map<String, String> agents = new HashMap<>();
            AtomicInteger doubles = new AtomicInteger();
            Informer pods = admin.informer(Resources.PODS, Selection.ALL).listen(c -> watch(c, agents, doubles)).start();
            admin.create(Resources.STATEFUL_SETS, "default", set("db", Obj.of("serviceName", "db", "replicas", 4)));
            admin.create(Resources.DAEMON_SETS, "default", set("agent", Obj.of()));
            AtomicInteger version = new AtomicInteger();
            takeTurns(api, () -> {
                if (version.get() < 5) {
                    int next = version.incrementAndGet();
                    admin.patch(Resources.STATEFUL_SETS, "default", "db", "", Patch.STRATEGIC, Obj.of("spec", Obj.of("template", template("db", next))));
                    admin.patch(Resources.DAEMON_SETS, "default", "agent", "", Patch.STRATEGIC, Obj.of("spec", Obj.of("template", template("agent", next))));
                }
                Thread.sleep(40);
            });
            SetControllers last = new SetControllers(api.clusters());
            last.begin(new byte[0]);
            api.await("complete", () -> updated(admin, Resources.STATEFUL_SETS, "db", "updatedReplicas", 4)
                    && updated(admin, Resources.DAEMON_SETS, "agent", "updatedNumberScheduled", 3) && last.idle());
            last.end();
            pods.close();
            assertEquals(0, doubles.get(), "nodes with two pods at once");
            assertEquals(7, api.list(Resources.PODS).size());
            assertTrue(api.list(Resources.PODS).stream().allMatch(p -> p.objects("spec", "containers").getFirst().text("image").endsWith(":5")));
            List<Obj> revisions = api.list(Resources.CONTROLLER_REVISIONS);
            long templates = revisions.stream().map(r -> r.at("data").toString()).distinct().count();
            assertEquals(templates, revisions.size(), "no template has two revisions");
        }
    }

    private static boolean updated(Cluster admin, Resource kind, String name, String field, long n) throws Exception {
        Obj set = admin.get(kind, "default", name).orElseThrow();
        String ready = kind.equals(Resources.STATEFUL_SETS) ? "readyReplicas" : "numberAvailable";
        return set.number("status", field).orElse(0) == n && set.number("status", ready).orElse(0) == n
                && set.number("status", "observedGeneration").equals(set.number("metadata", "generation"));
    }

    /** Active pods of the DaemonSet by uid, with the node that they are for. */
    private static void watch(Informer.Change change, Map<String, String> agents, AtomicInteger doubles) {
        Obj pod = change.object();
        if (!"agent".equals(pod.labels().get("app"))) {
            return;
        }
        agents.remove(pod.uid());
        String node = pod.text("spec", "nodeName");
        if (change.kind() != Informer.Kind.DELETED && !pod.deleting() && !node.isEmpty()) {
            if (agents.containsValue(node)) {
                doubles.incrementAndGet();
            }
            agents.put(pod.uid(), node);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void takeTurns(TestCluster api, Step step) throws Exception {
        SetControllers[] two = {new SetControllers(api.clusters()), new SetControllers(api.clusters())};
        for (int i = 0; i < SWAPS; i++) {
            SetControllers acting = two[i % 2];
            acting.begin(new byte[0]);
            step.run();
            assertEquals(3, Threads.named("statefulset-"), "workers of turn " + i);
            long failures = acting.health().failures();
            String why = acting.health().message();
            acting.end();
            assertEquals(0, failures, "failures of turn " + i + ": " + why);
            assertEquals(0, Threads.named("statefulset-") + Threads.named("daemonset-") + Threads.named("events-"), "threads left by turn " + i);
        }
    }
}
