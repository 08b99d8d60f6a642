package io.manul.controllers.node;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Propagation;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.model.Taints;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Deletes a pod from a node with a NoExecute taint that it does not tolerate, or no longer (taint eviction). */
final class EvictionReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informer nodes;
    private final Informer pods;
    private final Events events;
    private final InstantSource clock;

    EvictionReconciler(Cluster cluster, Informer nodes, Informer pods, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.pods = pods;
        this.events = events;
        this.clock = clock;
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
        Optional<Duration> wait = left(taints, pod.get().objects("spec", "tolerations"));
        if (wait.isEmpty()) {
            return Outcome.SETTLED;
        }
        if (wait.get().isPositive()) {
            return new Outcome.Again(wait.get(), "tolerated for a while");
        }
        events.normal(pod.get(), "TaintManagerEviction", "Marking for deletion Pod " + key);
        cluster.delete(Resources.PODS, key.namespace(), key.name(), Propagation.DEFAULT, OptionalLong.empty(), pod.get().uid());
        return Outcome.SETTLED;
    }

    /** How long the pod may stay; empty: for ever. */
    private Optional<Duration> left(List<Obj> taints, List<Obj> tolerations) {
        Optional<Duration> least = Optional.empty();
        for (Obj taint : taints) {
            List<Obj> covering = tolerations.stream().filter(t -> Taints.tolerates(t, taint)).toList();
            if (covering.isEmpty()) {
                return Optional.of(Duration.ZERO);
            }
            OptionalLong seconds = covering.stream().map(t -> t.number("tolerationSeconds")).filter(OptionalLong::isPresent)
                    .mapToLong(OptionalLong::getAsLong).min();
            if (seconds.isPresent()) {
                Duration left = Duration.between(clock.instant(), added(taint).plusSeconds(Math.max(0, seconds.getAsLong())));
                least = least.isEmpty() || left.compareTo(least.get()) < 0 ? Optional.of(left) : least;
            }
        }
        return least;
    }

    private Instant added(Obj taint) {
        try {
            return Instant.parse(taint.text("timeAdded"));
        } catch (DateTimeParseException e) {
            return clock.instant();
        }
    }
}
