package io.manul.controllers.workload.deployment;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One Deployment with its ReplicaSets while it is worked on; scaling writes through and keeps the numbers. */
final class Rollout {

    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MOST = "deployment.kubernetes.io/max-replicas";

    final Obj deployment;
    final Shares shares;
    final Optional<Obj> fresh;
    final List<Obj> old;
    private final Cluster cluster;
    private final Events events;

    Rollout(Obj deployment, Optional<Obj> fresh, List<Obj> old, Cluster cluster, Events events) {
        this.deployment = deployment;
        this.shares = Shares.of(deployment);
        this.fresh = fresh;
        this.old = old;
        this.cluster = cluster;
        this.events = events;
    }

    List<Obj> all() {
        List<Obj> all = new ArrayList<>(old);
        fresh.ifPresent(all::add);
        return all;
    }

    boolean rolling() {
        return deployment.text("spec", "strategy", "type").equals("RollingUpdate");
    }

    long wanted() {
        return deployment.number("spec", "replicas").orElse(1);
    }

    static long replicas(Obj set) {
        return set.number("spec", "replicas").orElse(0);
    }

    static long sum(List<Obj> sets, String... path) {
        return sets.stream().mapToLong(s -> s.number(path).orElse(0)).sum();
    }

    /** Sets a ReplicaSet's size, with the annotations that proportional scaling reads. @return whether it changed */
    boolean scale(Obj set, long size) throws ClusterException, InterruptedException {
        long before = replicas(set);
        String desired = Long.toString(wanted());
        String most = Long.toString(wanted() + shares.surge());
        boolean annotated = desired.equals(set.annotations().get(DESIRED)) && most.equals(set.annotations().get(MOST));
        if (before == size && annotated) {
            return false;
        }
        Obj changed = cluster.patch(Resources.REPLICA_SETS, set.namespace(), set.name(), "", Patch.MERGE, Obj.of(
                "metadata", Obj.of("uid", set.uid(), "resourceVersion", set.resourceVersion(), "annotations", Obj.of(DESIRED, desired, MOST, most)),
                "spec", Obj.of("replicas", size)));
        set.map().clear();
        set.map().putAll(changed.map());
        if (before != size) {
            events.normal(deployment, "ScalingReplicaSet", "Scaled " + (size > before ? "up" : "down") + " replica set " + set.name()
                    + " from " + before + " to " + size);
        }
        return before != size;
    }

    static Optional<Long> mostReplicas(Obj set) {
        String n = set.annotations().getOrDefault(MOST, "");
        return n.matches("[0-9]{1,10}") ? Optional.of(Long.parseLong(n)) : Optional.empty();
    }

    static Optional<Long> desiredReplicas(Obj set) {
        String n = set.annotations().getOrDefault(DESIRED, "");
        return n.matches("[0-9]{1,10}") ? Optional.of(Long.parseLong(n)) : Optional.empty();
    }
}
