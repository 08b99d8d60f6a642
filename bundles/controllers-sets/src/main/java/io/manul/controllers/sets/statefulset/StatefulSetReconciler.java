package io.manul.controllers.sets.statefulset;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.client.owner.PodState;
import io.manul.controllers.sets.history.History;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Keeps the pods of a StatefulSet: their number, their identity, their claims, their revision (Kubernetes, "StatefulSets"). */
final class StatefulSetReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informer sets;
    private final Informer pods;
    private final History history;
    private final StatefulPods control;
    private final InstantSource clock;

    StatefulSetReconciler(Cluster cluster, Informer sets, Informer pods, History history, StatefulPods control, InstantSource clock) {
        this.cluster = cluster;
        this.sets = sets;
        this.pods = pods;
        this.history = history;
        this.control = control;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = sets.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj set = found.get().put("kind", "StatefulSet").put("apiVersion", "apps/v1");
        List<Obj> revisions = history.of(set);
        List<Obj> mine = Owners.claim(cluster, set, Resources.STATEFUL_SETS, pods, Resources.PODS, p -> Identity.member(set, p));
        if (set.deleting() && revisions.isEmpty()) {
            return Outcome.SETTLED; // its revisions went before it
        }
        Versions versions = Versions.of(set, revisions, history);
        Instant now = clock.instant();
        Round round = new Round(set, versions, mine, control, now);
        try {
            if (!set.deleting()) {
                round.run();
            }
        } finally {
            status(set, StatefulSetStatus.of(set, versions, round.pods(), now));
        }
        versions.truncate(set, revisions, mine, history);
        return again(set, round.pods(), now);
    }

    private void status(Obj set, Obj status) throws ClusterException, InterruptedException {
        if (!status.equals(set.at("status"))) {
            cluster.update(Resources.STATEFUL_SETS, set.namespace(), "status", set.copy().put("status", status));
        }
    }

    /** Ready pods become available with time alone. */
    private static Outcome again(Obj set, List<Obj> pods, Instant now) {
        long minReady = set.number("spec", "minReadySeconds").orElse(0);
        Optional<Duration> next = minReady == 0 ? Optional.empty() : pods.stream()
                .filter(p -> PodState.ready(p) && !PodState.available(p, minReady, now))
                .map(p -> PodState.untilAvailable(p, minReady, now)).min(Duration::compareTo);
        return next.<Outcome>map(d -> new Outcome.Again(d.plusMillis(100), "minReadySeconds")).orElse(Outcome.SETTLED);
    }
}
