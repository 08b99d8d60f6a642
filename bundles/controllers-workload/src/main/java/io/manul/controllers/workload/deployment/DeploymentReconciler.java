package io.manul.controllers.workload.deployment;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.controllers.workload.Owners;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the ReplicaSets of a Deployment in line with its template (Kubernetes, "Deployments"). */
final class DeploymentReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informer deployments;
    private final Informer sets;
    private final Informer pods;
    private final Events events;
    private final InstantSource clock;
    private final Revisions revisions;

    DeploymentReconciler(Cluster cluster, Informer deployments, Informer sets, Informer pods, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.deployments = deployments;
        this.sets = sets;
        this.pods = pods;
        this.events = events;
        this.clock = clock;
        this.revisions = new Revisions(cluster, events);
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = deployments.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj deployment = found.get().put("kind", "Deployment").put("apiVersion", "apps/v1");
        List<Obj> mine = claim(deployment);
        if (deployment.deleting()) {
            status(rollout(deployment, Revisions.fresh(deployment, mine), mine));
            return Outcome.SETTLED;
        }
        Optional<Obj> fresh = Revisions.fresh(deployment, mine);
        List<Obj> old = without(mine, fresh);
        boolean paused = deployment.flag("spec", "paused");
        Rollout before = rollout(deployment, fresh, mine);
        if (paused || Proportional.needed(before)) {
            Rollout r = rollout(deployment, revisions.ensure(deployment, fresh, old, false), mine);
            Proportional.scale(r);
            return finish(r, paused);
        }
        return roll(deployment, fresh, old, mine);
    }

    private Outcome roll(Obj deployment, Optional<Obj> fresh, List<Obj> old, List<Obj> mine) throws ClusterException, InterruptedException {
        boolean rolling = deployment.text("spec", "strategy", "type").equals("RollingUpdate");
        if (!rolling && !Recreate.oldGone(rollout(deployment, fresh, mine), podsOf(old))) {
            return finish(rollout(deployment, revisions.ensure(deployment, fresh, old, false), mine), false);
        }
        Rollout r = rollout(deployment, revisions.ensure(deployment, fresh, old, true), mine);
        if (rolling) {
            RollingUpdate.step(r);
        } else {
            r.scale(r.fresh.orElseThrow(), r.wanted());
        }
        return finish(r, false);
    }

    private Rollout rollout(Obj deployment, Optional<Obj> fresh, List<Obj> mine) {
        return new Rollout(deployment, fresh, without(mine, fresh), cluster, events);
    }

    private static List<Obj> without(List<Obj> mine, Optional<Obj> fresh) {
        return mine.stream().filter(s -> fresh.isEmpty() || !s.uid().equals(fresh.get().uid())).toList();
    }

    private List<Obj> podsOf(List<Obj> old) {
        return old.stream().flatMap(s -> pods.byIndex("owner", s.uid()).stream()).toList();
    }

    /** ReplicaSets that it controls; matching orphans are adopted, those that match no more are let go. */
    private List<Obj> claim(Obj deployment) throws ClusterException, InterruptedException {
        Selector selector = Selector.of(deployment.at("spec", "selector"));
        List<Obj> mine = new ArrayList<>();
        for (Obj set : sets.list(deployment.namespace())) {
            boolean matches = selector.matches(set.labels());
            Optional<Obj> owner = Owners.controller(set);
            if (owner.isPresent() && owner.get().text("uid").equals(deployment.uid())) {
                if (matches || deployment.deleting()) {
                    mine.add(set);
                } else {
                    cluster.patch(Resources.REPLICA_SETS, set.namespace(), set.name(), "", Patch.STRATEGIC, Owners.release(set, deployment));
                }
            } else if (owner.isEmpty() && matches && !deployment.deleting() && !set.deleting()) {
                mine.add(cluster.patch(Resources.REPLICA_SETS, set.namespace(), set.name(), "", Patch.STRATEGIC,
                        Owners.adoption(set, Owners.reference(deployment, "apps/v1", "Deployment"))));
            }
        }
        return mine;
    }

    private Outcome finish(Rollout r, boolean paused) throws ClusterException, InterruptedException {
        Obj status = status(r);
        if (DeploymentStatus.complete(r, status)) {
            revisions.clean(r.deployment, r.old);
            return Outcome.SETTLED;
        }
        Optional<Obj> progressing = status.objects("conditions").stream().filter(c -> c.text("type").equals("Progressing")).findFirst();
        if (!paused && progressing.isPresent() && progressing.get().text("status").equals("True")
                && r.deployment.number("spec", "progressDeadlineSeconds").isPresent()) {
            Duration left = DeploymentStatus.untilDeadline(r.deployment, progressing.get(), now());
            return new Outcome.Again(left.isNegative() ? Duration.ofSeconds(1) : left.plusSeconds(1), "progress deadline");
        }
        return Outcome.SETTLED;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private Obj status(Rollout r) throws ClusterException, InterruptedException {
        Obj status = DeploymentStatus.of(r, now());
        if (!status.equals(r.deployment.at("status"))) {
            cluster.update(Resources.DEPLOYMENTS, r.deployment.namespace(), "status", r.deployment.copy().put("status", status));
        }
        return status;
    }
}
