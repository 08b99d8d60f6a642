package io.manul.controllers.sets.daemonset;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.owner.Expectations;
import io.manul.client.owner.Owners;
import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Keeps a pod of a DaemonSet on every node that should have one (Kubernetes, "DaemonSet"). */
final class DaemonSetReconciler implements Reconciler {

    /** The informers that it looks into. */
    record Informers(Informer sets, Informer pods, Informer nodes) {
    }

    private final Cluster cluster;
    private final Informers informers;
    private final Expectations expectations;
    private final DaemonHistory history;
    private final DaemonPods control;
    private final Presence presence;
    private final Events events;
    private final InstantSource clock;

    DaemonSetReconciler(Cluster cluster, Informers informers, Expectations expectations, DaemonHistory history, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.informers = informers;
        this.expectations = expectations;
        this.history = history;
        this.control = new DaemonPods(cluster, expectations, events);
        this.presence = new Presence(new Backoff(), events);
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = informers.sets().get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj set = found.get().put("kind", "DaemonSet").put("apiVersion", "apps/v1");
        if (set.at("spec", "selector").isEmpty()) {
            events.warning(set, "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.");
            return Outcome.SETTLED;
        }
        if (set.deleting()) {
            return Outcome.SETTLED; // its revisions may be gone, and with them what its pods are
        }
        boolean seen = expectations.met(set.uid()); // asked before the cache is read, or a pod seen in between counts twice
        List<Obj> mine = Owners.claim(cluster, set, Resources.DAEMON_SETS, informers.pods(), Resources.PODS, p -> true);
        DaemonHistory.Revisions revisions = history.of(set, mine);
        Nodes nodes = new Nodes(set, history.hash(revisions.current()), informers.nodes().list(), mine, clock.instant());
        Optional<Duration> next = Optional.empty();
        try {
            if (seen) {
                next = act(nodes);
                history.truncate(set, revisions.old(), mine);
            }
        } finally {
            status(nodes, seen);
        }
        return again(nodes, next);
    }

    /** @return when to look at a failed pod again */
    private Optional<Duration> act(Nodes nodes) throws ClusterException, InterruptedException {
        Plan plan = presence.plan(nodes);
        control.carryOut(plan, nodes);
        if (plan.isEmpty() && nodes.rolling()) {
            control.carryOut(RollingUpdate.plan(nodes), nodes);
        }
        return plan.again;
    }

    private void status(Nodes nodes, boolean acted) throws ClusterException, InterruptedException {
        Obj set = nodes.set;
        long generation = acted ? set.number("metadata", "generation").orElse(0) : set.number("status", "observedGeneration").orElse(0);
        Obj status = DaemonSetStatus.of(nodes, generation);
        if (!status.equals(set.at("status"))) {
            cluster.update(Resources.DAEMON_SETS, set.namespace(), "status", set.copy().put("status", status));
        }
    }

    /** Ready pods become available with time alone; failed ones are replaced after a while. */
    private static Outcome again(Nodes nodes, Optional<Duration> failed) {
        long minReady = nodes.set.number("spec", "minReadySeconds").orElse(0);
        Optional<Duration> next = failed;
        for (List<Obj> pods : minReady == 0 ? List.<List<Obj>>of() : nodes.pods.values()) {
            for (Obj pod : pods) {
                if (PodState.ready(pod) && !nodes.available(pod)) {
                    Duration left = PodState.untilAvailable(pod, minReady, nodes.now);
                    next = next.filter(d -> d.compareTo(left) <= 0).or(() -> Optional.of(left));
                }
            }
        }
        return next.<Outcome>map(d -> new Outcome.Again(d.plusMillis(100), "a pod is due")).orElse(Outcome.SETTLED);
    }
}
