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
 * Removes the pods of nodes that are gone: nobody else would (Kubernetes, "Pod Lifecycle", garbage collection of Pods). A
 * node may be deleted and come back; so they stay for a while, and the API is asked once more before they go.
 */
final class OrphanedPods implements Reconciler {

    static final Duration QUARANTINE = Duration.ofSeconds(40);

    private final Cluster cluster;
    private final Informer nodes;
    private final Informer pods;
    private final InstantSource clock;
    private final LongSupplier nanos;
    /** When a pod was first seen without its node, by uid. */
    private final Map<String, Long> since = new ConcurrentHashMap<>();

    OrphanedPods(Cluster cluster, Informer nodes, Informer pods, InstantSource clock, LongSupplier nanos) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.pods = pods;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> pod = pods.get(key);
        if (pod.isEmpty()) {
            return Outcome.SETTLED;
        }
        String node = pod.get().text("spec", "nodeName");
        if (node.isEmpty() || nodes.get(new Key("", node)).isPresent()) {
            since.remove(pod.get().uid());
            return Outcome.SETTLED;
        }
        long first = since.computeIfAbsent(pod.get().uid(), u -> nanos.getAsLong());
        Duration left = QUARANTINE.minusNanos(nanos.getAsLong() - first);
        if (left.isPositive()) {
            return new Outcome.Again(left, "its node may come back");
        }
        if (cluster.get(Resources.NODES, "", node).isEmpty()) {
            Removal.remove(cluster, pod.get(), "DeletionByPodGC", "PodGC: node no longer exists", OptionalLong.of(0), clock.instant());
        }
        return Outcome.SETTLED;
    }

    void gone(String podUid) {
        since.remove(podUid);
    }
}
