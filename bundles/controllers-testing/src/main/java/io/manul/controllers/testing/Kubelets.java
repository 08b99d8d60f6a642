package io.manul.controllers.testing;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for scheduler and kubelets: binds every pod to the node that its affinity names, else to {@code n1}, says that it runs and
 * is ready (not when an image has the word {@code broken} in it), and removes it when it is deleted (not when an image says {@code stubborn}). A pod
 * ends with success when its image says {@code ends}, and with exit code 3 when it says {@code fails-3}; one that is deleted and
 * held by a finalizer has failed.
 */
public final class Kubelets implements AutoCloseable {

    private final Cluster cluster;
    private final Informer pods;
    private final Controller controller;
    private final AtomicInteger addresses = new AtomicInteger();

    public Kubelets(TestCluster api) {
        cluster = api.admin();
        pods = cluster.informer(Resources.PODS, Selection.ALL);
        controller = new Controller("kubelets", this::reconcile, List.of(pods));
        pods.listen(c -> controller.queue().add(Key.of(c.object())));
        controller.start(2);
    }

    private Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = pods.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj pod = found.get();
        if (pod.deleting()) {
            if (says(pod, "stubborn")) {
                return Outcome.SETTLED;
            }
            if (pod.has("metadata", "finalizers") && running(pod)) {
                end(pod, "Failed", 137);
            } else {
                cluster.delete(Resources.PODS, key.namespace(), key.name(), Propagation.DEFAULT, OptionalLong.of(0), pod.uid());
            }
        } else if (pod.text("spec", "nodeName").isEmpty()) {
            cluster.post(Resources.PODS, key.namespace(), key.name(), "binding", Obj.of("apiVersion", "v1", "kind", "Binding",
                    "metadata", Obj.of("name", key.name()), "target", Obj.of("apiVersion", "v1", "kind", "Node", "name", node(pod))));
        } else if (pod.text("status", "phase").equals("Pending")) {
            run(key, !says(pod, "broken"));
        } else if (running(pod) && says(pod, "ends")) {
            end(pod, "Succeeded", 0);
        } else if (running(pod) && says(pod, "fails")) {
            end(pod, "Failed", Integer.parseInt(image(pod).replaceFirst(".*fails-([0-9]+).*", "$1")));
        }
        return Outcome.SETTLED;
    }

    private void run(Key key, boolean ready) throws ClusterException, InterruptedException {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        int n = addresses.incrementAndGet();
        cluster.patch(Resources.PODS, key.namespace(), key.name(), "status", Patch.STRATEGIC, Obj.of("status", Obj.of("phase", "Running",
                "podIP", "10.42.0." + n, "podIPs", List.of(Obj.of("ip", "10.42.0." + n)),
                "conditions", List.of(Obj.of("type", "Ready", "status", ready ? "True" : "False", "lastTransitionTime", now)))));
    }

    private static boolean running(Obj pod) {
        return pod.text("status", "phase").equals("Running");
    }

    private static String image(Obj pod) {
        return pod.objects("spec", "containers").getFirst().text("image");
    }

    private void end(Obj pod, String phase, int code) throws ClusterException, InterruptedException {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Obj container = pod.objects("spec", "containers").getFirst();
        cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "status", Patch.STRATEGIC, Obj.of("status", Obj.of("phase", phase,
                "conditions", List.of(Obj.of("type", "Ready", "status", "False", "lastTransitionTime", now)),
                "containerStatuses", List.of(Obj.of("name", container.text("name"), "image", container.text("image"), "imageID", "", "ready", false,
                        "restartCount", 0, "state", Obj.of("terminated", Obj.of("exitCode", code, "finishedAt", now)))))));
    }

    /** The one of a match on metadata.name, as pods of a DaemonSet have it. */
    private static String node(Obj pod) {
        return pod.objects("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").stream()
                .flatMap(t -> t.objects("matchFields").stream()).flatMap(f -> f.strings("values").stream()).findFirst().orElse("n1");
    }

    private static boolean says(Obj pod, String word) {
        return pod.objects("spec", "containers").stream().anyMatch(c -> c.text("image").contains(word));
    }

    public boolean idle() {
        return controller.idle();
    }

    @Override
    public void close() {
        controller.close();
    }
}
