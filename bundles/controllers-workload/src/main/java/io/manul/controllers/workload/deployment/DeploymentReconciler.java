package io.manul.controllers.workload.deployment;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.controllers.workload.Informers;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the ReplicaSets of a Deployment in line with its template (Kubernetes, "Deployments"). Every pass takes at most one
 * step of a rollout; what the step changes brings the next pass.
 */
final class DeploymentReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informers informers;
    private final Events events;
    private final InstantSource clock;
    private final Revisions revisions;

    DeploymentReconciler(Cluster cluster, Informers informers, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.informers = informers;
        this.events = events;
        this.clock = clock;
        this.revisions = new Revisions(cluster, events);
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = informers.deployments().get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj deployment = found.get().put("kind", "Deployment").put("apiVersion", "apps/v1");
        if (selectsAll(deployment)) {
            return Outcome.SETTLED;
        }
        List<Obj> mine = Owners.claim(cluster, deployment, Resources.DEPLOYMENTS, informers.sets(), Resources.REPLICA_SETS, set -> true);
        Conditions conditions = new Conditions(deployment, now());
        Optional<Obj> fresh = Revisions.fresh(deployment, mine);
        if (deployment.deleting()) {
            return write(rollout(deployment, fresh, mine), conditions);
        }
        Progress.paused(deployment, conditions);
        if (deployment.flag("spec", "paused") || Proportional.needed(rollout(deployment, fresh, mine))) {
            return scale(deployment, fresh, mine, conditions);
        }
        return deployment.text("spec", "strategy", "type").equals("Recreate") ? recreate(deployment, fresh, mine, conditions)
                : roll(deployment, fresh, mine, conditions);
    }

    private boolean selectsAll(Obj deployment) {
        boolean all = deployment.at("spec", "selector", "matchLabels").isEmpty() && deployment.objects("spec", "selector", "matchExpressions").isEmpty();
        if (all) {
            events.warning(deployment, "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
        }
        return all;
    }

    /** Its size changed, or it is paused: no rollout goes on. */
    private Outcome scale(Obj deployment, Optional<Obj> fresh, List<Obj> mine, Conditions conditions) throws ClusterException, InterruptedException {
        Rollout r = rollout(deployment, adopted(deployment, fresh, mine, conditions), mine);
        Proportional.scale(r);
        if (deployment.flag("spec", "paused")) {
            revisions.clean(deployment, r.old);
        }
        return write(r, conditions);
    }

    private Outcome recreate(Obj deployment, Optional<Obj> fresh, List<Obj> mine, Conditions conditions)
            throws ClusterException, InterruptedException {
        Rollout r = rollout(deployment, adopted(deployment, fresh, mine, conditions), mine);
        if (!Recreate.oldGone(r, podsOf(r.old))) {
            return finish(r, conditions);
        }
        Rollout next = rollout(deployment, Optional.of(current(r, conditions)), mine);
        next.scale(next.fresh.orElseThrow(), next.wanted());
        return finish(next, conditions);
    }

    private Outcome roll(Obj deployment, Optional<Obj> fresh, List<Obj> mine, Conditions conditions) throws ClusterException, InterruptedException {
        Rollout r = rollout(deployment, adopted(deployment, fresh, mine, conditions), mine);
        Rollout next = rollout(deployment, Optional.of(current(r, conditions)), mine);
        RollingUpdate.step(next);
        return finish(next, conditions);
    }

    private Optional<Obj> adopted(Obj deployment, Optional<Obj> fresh, List<Obj> mine, Conditions conditions)
            throws ClusterException, InterruptedException {
        if (fresh.isEmpty()) {
            return fresh;
        }
        Progress.found(deployment, fresh.get(), conditions);
        return Optional.of(revisions.adopt(deployment, fresh.get(), without(mine, fresh)));
    }

    /** The ReplicaSet of the current template, made where there is none. */
    private Obj current(Rollout r, Conditions conditions) throws ClusterException, InterruptedException {
        if (r.fresh.isPresent()) {
            return r.fresh.get();
        }
        try {
            Obj made = revisions.make(r.deployment, r.old);
            Progress.made(r.deployment, made, conditions);
            return made;
        } catch (ClusterException e) {
            if (!e.conflict() && !e.notFound()) {
                events.warning(r.deployment, "ReplicaSetCreateError", Progress.notMade(r.deployment, revisions.nameOf(r.deployment), e.getMessage(), conditions));
                write(r, conditions);
            }
            throw e;
        }
    }

    private Rollout rollout(Obj deployment, Optional<Obj> fresh, List<Obj> mine) {
        return new Rollout(deployment, fresh, without(mine, fresh), cluster, events);
    }

    private static List<Obj> without(List<Obj> mine, Optional<Obj> fresh) {
        return mine.stream().filter(s -> fresh.isEmpty() || !s.uid().equals(fresh.get().uid())).toList();
    }

    private List<Obj> podsOf(List<Obj> sets) {
        return sets.stream().flatMap(s -> informers.pods().byIndex(Owners.INDEX, s.uid()).stream()).toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** After a step of a rollout: old revisions go when it is complete, and its progress is judged. */
    private Outcome finish(Rollout r, Conditions conditions) throws ClusterException, InterruptedException {
        if (DeploymentStatus.complete(r, r.deployment.at("status"))) {
            revisions.clean(r.deployment, r.old);
        }
        Obj status = DeploymentStatus.of(r, conditions);
        Progress.judge(r, status, conditions, now());
        DeploymentStatus.failure(r, conditions);
        write(r, status.put("conditions", conditions.all()));
        Optional<Duration> next = Progress.next(r, status, conditions, now());
        return next.<Outcome>map(d -> new Outcome.Again(d.isNegative() ? Duration.ofSeconds(1) : d, "progress deadline")).orElse(Outcome.SETTLED);
    }

    private Outcome write(Rollout r, Conditions conditions) throws ClusterException, InterruptedException {
        write(r, DeploymentStatus.of(r, conditions));
        return Outcome.SETTLED;
    }

    private void write(Rollout r, Obj status) throws ClusterException, InterruptedException {
        if (!status.equals(r.deployment.at("status"))) {
            cluster.update(Resources.DEPLOYMENTS, r.deployment.namespace(), "status", r.deployment.copy().put("status", status));
        }
    }
}
