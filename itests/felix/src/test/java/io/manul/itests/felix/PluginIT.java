package io.manul.itests.felix;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Clusters;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A vendor's bundle, this one, adds a rule to the scheduler and takes it away while it runs; a new version of the scheduler keeps it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PluginIT {

    private static final String REASON = "node(s) had a camera that is out of focus";

    @Inject
    private BundleContext context;
    @Inject
    private Clusters clusters;
    @Inject
    private Gates gates;

    @Configuration
    public Option[] configuration() throws IOException {
        return new Distribution().options(List.of("kine", "apiserver", "scheduler"), Map.of("node-ip", "192.0.2.1")).toArray(Option[]::new);
    }

    /** Lets no pod onto any node. */
    private static final class Camera implements SchedulerPlugin {
        @Override
        public String name() {
            return "Camera";
        }

        @Override
        public Optional<String> filter(PodWish pod, NodeState node) {
            return Optional.of(REASON);
        }
    }

    @Test(timeout = 60_000)
    public void aRuleComesAndGoesOnTheWhiteboard() throws Exception {
        await("the rooms have begun", () -> gates.gate(Handler.class, "apiserver").current().isPresent() ? "" : "no apiserver");
        Cluster admin = clusters.as("admin", List.of("system:masters"), "test");
        admin.create(Resources.SERVICE_ACCOUNTS, "default", Obj.of("metadata", Obj.of("name", "default")));
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1"), "status", Obj.of("allocatable", Obj.of("cpu", "1", "pods", "9"))));

        ServiceRegistration<SchedulerPlugin> rule = context.registerService(SchedulerPlugin.class, new Camera(), null);
        pod(admin, "first");
        awaitRefused(admin, "first");
        rule.unregister();
        awaitPlaced(admin, "first");

        rule = context.registerService(SchedulerPlugin.class, new Camera(), null);
        Console console = new Console(Path.of(context.getProperty("manul.run-dir")));
        Console.Answer swapped = console.ask("POST", "/swap?name=scheduler");
        assertEquals(swapped.body().toString(), 200, swapped.status());
        pod(admin, "second");
        awaitRefused(admin, "second");
        rule.unregister();
        awaitPlaced(admin, "second");
    }

    /** The example of docs/examples, as anybody would install it. */
    @Test(timeout = 60_000)
    public void aBundleOfSomebodyElseAddsItsRule() throws Exception {
        await("the rooms have begun", () -> gates.gate(Handler.class, "apiserver").current().isPresent() ? "" : "no apiserver");
        Cluster admin = clusters.as("admin", List.of("system:masters"), "test");
        admin.create(Resources.NAMESPACES, "", Obj.of("metadata", Obj.of("name", "yard")));
        admin.create(Resources.SERVICE_ACCOUNTS, "yard", Obj.of("metadata", Obj.of("name", "default")));
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "wired", "annotations", Obj.of("example.com/cameras", "gate")), "status",
                Obj.of("allocatable", Obj.of("cpu", "1", "pods", "9"))));
        Path jar = Path.of(System.getProperty("manul.home"), "../../../docs/examples/scheduler-plugin/target/example-scheduler-plugin-0.1.0.jar");
        Bundle example = context.installBundle(jar.normalize().toUri().toString());
        example.start();
        camera(admin, "at-the-gate", "gate");
        await("it is where its camera is", () -> node(admin, "at-the-gate").equals("wired") ? "" : node(admin, "at-the-gate"));
        camera(admin, "at-the-door", "door");
        await("no node has its camera", () -> {
            String seen = admin.get(Resources.PODS, "yard", "at-the-door").orElseThrow().objects("status", "conditions").toString();
            return seen.contains("node(s) had no wire to camera door") ? "" : seen;
        });
        example.uninstall();
        await("without the rule it has a node", () -> node(admin, "at-the-door").isEmpty() ? "none" : "");
        admin.delete(Resources.NODES, "", "wired");
    }

    private static String node(Cluster admin, String pod) throws ClusterException, InterruptedException {
        return admin.get(Resources.PODS, "yard", pod).orElseThrow().text("spec", "nodeName");
    }

    private static void camera(Cluster admin, String name, String camera) throws ClusterException, InterruptedException {
        admin.create(Resources.PODS, "yard", Obj.of("metadata", Obj.of("name", name, "annotations", Obj.of("example.com/camera", camera)), "spec",
                Obj.of("containers", List.of(Obj.of("name", "c", "image", "example.test/camera:1")))));
    }

    private static void pod(Cluster admin, String name) throws ClusterException, InterruptedException {
        admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", name), "spec",
                Obj.of("containers", List.of(Obj.of("name", "c", "image", "example.test/camera:1")))));
    }

    private static Obj get(Cluster admin, String name) throws ClusterException, InterruptedException {
        return admin.get(Resources.PODS, "default", name).orElseThrow();
    }

    private static void awaitRefused(Cluster admin, String name) throws Exception {
        String wanted = "0/1 nodes are available: 1 " + REASON + ". preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
        await(name + " is refused", () -> {
            List<Obj> conditions = get(admin, name).objects("status", "conditions");
            return conditions.stream().anyMatch(c -> c.text("type").equals("PodScheduled") && c.text("status").equals("False")
                    && c.text("message").equals(wanted)) ? "" : conditions.toString();
        });
    }

    private static void awaitPlaced(Cluster admin, String name) throws Exception {
        await(name + " has a node", () -> get(admin, name).text("spec", "nodeName").equals("n1") ? "" : get(admin, name).toString());
    }

    /** @param check what is seen instead; empty when it is so */
    private static void await(String what, Callable<String> check) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        for (String seen = check.call(); !seen.isEmpty(); seen = check.call()) {
            assertTrue(what + " within 20 s; seen: " + seen, System.nanoTime() < end);
            Thread.sleep(20);
        }
    }
}
