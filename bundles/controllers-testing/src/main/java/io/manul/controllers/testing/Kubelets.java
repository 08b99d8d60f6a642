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
 * Stands in for scheduler and kubelets: binds every pod to the node {@code n1}, says that it runs and is ready (not when an
 * image has the word {@code broken} in it), and removes it when it is deleted (not when an image says {@code stubborn}).
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
            if (!says(pod, "stubborn")) {
                cluster.delete(Resources.PODS, key.namespace(), key.name(), Propagation.DEFAULT, OptionalLong.of(0), pod.uid());
            }
        } else if (pod.text("spec", "nodeName").isEmpty()) {
            cluster.post(Resources.PODS, key.namespace(), key.name(), "binding", Obj.of("apiVersion", "v1", "kind", "Binding",
                    "metadata", Obj.of("name", key.name()), "target", Obj.of("apiVersion", "v1", "kind", "Node", "name", "n1")));
        } else if (pod.text("status", "phase").equals("Pending")) {
            run(key, !says(pod, "broken"));
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
