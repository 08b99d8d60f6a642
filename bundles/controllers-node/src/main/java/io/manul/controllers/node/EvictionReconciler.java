package io.manul.controllers.node;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.json.Obj;
import io.manul.model.Taints;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Deletes a pod from a node with a NoExecute taint that it does not tolerate, or no longer (taint eviction). */
final class EvictionReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informer nodes;
    private final Informer pods;
    private final Events events;
    private final InstantSource clock;
    private final TaintTimes ages;

    EvictionReconciler(Cluster cluster, Informer nodes, Informer pods, Events events, InstantSource clock, LongSupplier nanos) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.pods = pods;
        this.events = events;
        this.clock = clock;
        this.ages = new TaintTimes(nanos);
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> pod = pods.get(key);
        if (pod.isEmpty() || pod.get().deleting() || pod.get().text("spec", "nodeName").isEmpty()) {
            return Outcome.SETTLED;
        }
        Optional<Obj> node = nodes.get(new Key("", pod.get().text("spec", "nodeName")));
        if (node.isEmpty()) {
            return Outcome.SETTLED;
        }
        List<Obj> taints = node.get().objects("spec", "taints").stream().filter(t -> t.text("effect").equals("NoExecute")).toList();
        Optional<Duration> left = left(ages.of(node.get(), taints), pod.get().objects("spec", "tolerations"));
        if (left.isEmpty()) {
            return Outcome.SETTLED;
        }
        if (left.get().isPositive()) {
            return new Outcome.Again(left.get(), "tolerated for a while");
        }
        evict(pod.get());
        return Outcome.SETTLED;
    }

    void gone(Obj node) {
        ages.gone(node.uid());
    }

    private void evict(Obj pod) throws ClusterException, InterruptedException {
        events.normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + Key.of(pod));
        Removal.remove(cluster, pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", OptionalLong.empty(), clock.instant());
    }

    /** How long the pod may stay; empty: for ever. @param ages how long each taint has been there */
    private static Optional<Duration> left(Map<Obj, Duration> ages, List<Obj> tolerations) {
        Optional<Duration> least = Optional.empty();
        for (Map.Entry<Obj, Duration> taint : ages.entrySet()) {
            Optional<Obj> covering = tolerations.stream().filter(t -> Taints.tolerates(t, taint.getKey())).findFirst();
            if (covering.isEmpty()) {
                return Optional.of(Duration.ZERO);
            }
            OptionalLong seconds = covering.get().number("tolerationSeconds");
            if (seconds.isPresent()) {
                Duration left = Duration.ofSeconds(Math.max(0, seconds.getAsLong())).minus(taint.getValue());
                least = Optional.of(least.filter(l -> l.compareTo(left) < 0).orElse(left));
            }
        }
        return least;
    }
}
