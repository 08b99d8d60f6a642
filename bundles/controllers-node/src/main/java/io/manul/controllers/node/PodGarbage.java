package io.manul.controllers.node;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Removes pods that nobody else would (Kubernetes, "Pod Lifecycle", garbage collection of Pods): of nodes that are gone, going
 * without ever having had a node, going on a node that is out of service, and ended ones beyond {@link EndedPods#MOST}. A node may
 * be deleted and come back; so its pods stay for a while, and the API is asked once more before they go. What had not ended has
 * failed then: Jobs count it.
 */
final class PodGarbage implements Reconciler {

    static final Duration QUARANTINE = Duration.ofSeconds(40);
    static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    private final Cluster cluster;
    private final Informer nodes;
    private final Informer pods;
    private final EndedPods ended;
    private final InstantSource clock;
    private final LongSupplier nanos;
    /** When a pod was first seen without its node, by uid. */
    private final Map<String, Long> since = new ConcurrentHashMap<>();

    PodGarbage(Cluster cluster, Informer nodes, Informer pods, EndedPods ended, InstantSource clock, LongSupplier nanos) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.pods = pods;
        this.ended = ended;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = pods.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj pod = found.get();
        String name = pod.text("spec", "nodeName");
        Optional<Obj> node = nodes.get(new Key("", name));
        if (!name.isEmpty() && node.isEmpty()) {
            return orphaned(pod, name);
        }
        since.remove(pod.uid());
        if (pod.deleting() && (name.isEmpty() || outOfService(node.get())) || ended.tooMany(pod)) {
            Removal.fail(cluster, pod, Optional.empty());
        }
        return Outcome.SETTLED;
    }

    private Outcome orphaned(Obj pod, String node) throws ClusterException, InterruptedException {
        long first = since.computeIfAbsent(pod.uid(), u -> nanos.getAsLong());
        Duration left = QUARANTINE.minusNanos(nanos.getAsLong() - first);
        if (left.isPositive()) {
            return new Outcome.Again(left, "its node may come back");
        }
        if (cluster.get(Resources.NODES, "", node).isEmpty()) {
            Removal.fail(cluster, pod, Optional.of(Removal.disrupted("DeletionByPodGC", "PodGC: node no longer exists", clock.instant())));
        }
        return Outcome.SETTLED;
    }

    /** Said by a person, and true: its kubelet answers no more. */
    static boolean outOfService(Obj node) {
        boolean ready = node.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status")
                .equals("True"));
        return !ready && node.objects("spec", "taints").stream().anyMatch(t -> t.text("key").equals(OUT_OF_SERVICE));
    }

    void gone(String podUid) {
        since.remove(podUid);
    }

    /** Whether a change of a pod may have made garbage of it. */
    static boolean concerns(Informer.Change change) {
        Obj before = change.previous();
        return before == null || change.object().deleting() && !before.deleting()
                || !change.object().text("spec", "nodeName").equals(before.text("spec", "nodeName"));
    }
}
