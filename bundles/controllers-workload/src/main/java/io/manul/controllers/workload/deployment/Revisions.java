package io.manul.controllers.workload.deployment;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.json.Obj;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The history of a Deployment: revision numbers, the new ReplicaSet, what is cleaned up. */
final class Revisions {

    static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String HISTORY = "deployment.kubernetes.io/revision-history";
    private static final List<String> NOT_COPIED = List.of("kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY,
            "deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas", "deprecated.deployment.rollback.to");

    private final Cluster cluster;
    private final Events events;

    Revisions(Cluster cluster, Events events) {
        this.cluster = cluster;
        this.events = events;
    }

    static Optional<Obj> fresh(Obj deployment, List<Obj> sets) {
        return RollingUpdate.byAge(sets).stream()
                .filter(s -> Templates.same(s.at("spec", "template"), deployment.at("spec", "template"))).findFirst();
    }

    static long revision(Obj object) {
        String n = object.annotations().getOrDefault(REVISION, "0");
        boolean fits = n.matches("[0-9]{1,18}") || n.matches("[0-9]{19}") && n.compareTo(Long.toString(Long.MAX_VALUE)) < 0;
        return fits ? Long.parseLong(n) : 0;
    }

    /** The newest revision number goes on the ReplicaSet of the current template, and on the Deployment. */
    Obj adopt(Obj deployment, Obj fresh, List<Obj> old) throws ClusterException, InterruptedException {
        Obj set = fresh;
        long next = old.stream().mapToLong(Revisions::revision).max().orElse(0) + 1;
        Map<String, String> annotations = annotations(deployment, set, Math.max(next, revision(set)));
        long minReady = deployment.number("spec", "minReadySeconds").orElse(0);
        if (!set.annotations().entrySet().containsAll(annotations.entrySet()) || set.number("spec", "minReadySeconds").orElse(0) != minReady) {
            set = cluster.patch(Resources.REPLICA_SETS, set.namespace(), set.name(), "", Patch.MERGE, Obj.of(
                    "metadata", Obj.of("uid", set.uid(), "annotations", view(annotations)), "spec", Obj.of("minReadySeconds", minReady)));
        }
        number(deployment, revision(set));
        return set;
    }

    /** Makes the ReplicaSet of the current template. */
    Obj make(Obj deployment, List<Obj> old) throws ClusterException, InterruptedException {
        long next = old.stream().mapToLong(Revisions::revision).max().orElse(0) + 1;
        Obj made = create(deployment, old, next);
        number(deployment, next);
        return made;
    }

    private static Obj view(Map<String, String> map) {
        Obj o = Obj.of();
        map.forEach(o::put);
        return o;
    }

    private static Map<String, String> annotations(Obj deployment, Obj set, long revision) {
        Map<String, String> copy = new LinkedHashMap<>(deployment.annotations());
        NOT_COPIED.forEach(copy::remove);
        copy.put(REVISION, Long.toString(revision));
        long before = revision(set);
        if (before != 0 && before != revision) {
            String history = set.annotations().getOrDefault(HISTORY, "");
            copy.put(HISTORY, history.isEmpty() ? Long.toString(before) : history + "," + before);
        }
        return copy;
    }

    private void number(Obj deployment, long revision) throws ClusterException, InterruptedException {
        String text = Long.toString(revision);
        if (!text.equals(deployment.annotations().get(REVISION))) {
            Obj changed = cluster.patch(Resources.DEPLOYMENTS, deployment.namespace(), deployment.name(), "", Patch.MERGE,
                    Obj.of("metadata", Obj.of("uid", deployment.uid(), "annotations", Obj.of(REVISION, text))));
            deployment.set(text, "metadata", "annotations", REVISION);
            // the status that follows is written on top of our own change; of others' it shall hear in the next pass
            if (changed.number("metadata", "generation").equals(deployment.number("metadata", "generation"))) {
                deployment.set(changed.resourceVersion(), "metadata", "resourceVersion");
            }
        }
    }

    /** The name that the ReplicaSet of the current template gets. */
    String nameOf(Obj deployment) {
        return deployment.name() + "-" + Templates.hash(deployment.at("spec", "template"), deployment.number("status", "collisionCount").orElse(0));
    }

    private Obj create(Obj deployment, List<Obj> old, long revision) throws ClusterException, InterruptedException {
        long collisions = deployment.number("status", "collisionCount").orElse(0);
        Obj set = replicaSet(deployment, Templates.hash(deployment.at("spec", "template"), collisions), revision);
        long size = size(deployment, old);
        set.at("spec").put("replicas", size);
        try {
            Obj made = cluster.create(Resources.REPLICA_SETS, deployment.namespace(), set);
            if (size > 0) {
                events.normal(deployment, "ScalingReplicaSet", "Scaled up replica set " + made.name() + " from 0 to " + size);
            }
            return made;
        } catch (ClusterException e) {
            if (e.alreadyExists()) {
                return collided(deployment, set, collisions, e);
            }
            throw e;
        }
    }

    private static Obj replicaSet(Obj deployment, String hash, long revision) {
        Obj template = deployment.at("spec", "template").copy();
        template.set(hash, "metadata", "labels", Templates.HASH);
        Obj selector = deployment.at("spec", "selector").copy();
        selector.set(hash, "matchLabels", Templates.HASH);
        long wanted = deployment.number("spec", "replicas").orElse(1);
        Obj annotations = view(annotations(deployment, Obj.of(), revision));
        annotations.put(Rollout.DESIRED, Long.toString(wanted)).put(Rollout.MOST, Long.toString(wanted + Shares.of(deployment).surge()));
        return Obj.of("apiVersion", "apps/v1", "kind", "ReplicaSet",
                "metadata", Obj.of("name", deployment.name() + "-" + hash, "namespace", deployment.namespace(),
                        "labels", template.at("metadata", "labels").copy(), "annotations", annotations,
                        "ownerReferences", List.of(Owners.reference(deployment, Resources.DEPLOYMENTS))),
                "spec", Obj.of("minReadySeconds", deployment.get("spec", "minReadySeconds"), "selector", selector, "template", template));
    }

    /** A rolling update begins with what maxSurge leaves room for. */
    private static long size(Obj deployment, List<Obj> old) {
        long wanted = deployment.number("spec", "replicas").orElse(1);
        if (!deployment.text("spec", "strategy", "type").equals("RollingUpdate")) {
            return wanted;
        }
        return Math.max(0, Math.min(wanted, wanted + Shares.of(deployment).surge() - Rollout.sum(old, "spec", "replicas")));
    }

    /** Made by an earlier pass that the cache has not seen; or another template with the same hash. */
    private Obj collided(Obj deployment, Obj set, long collisions, ClusterException e) throws ClusterException, InterruptedException {
        Optional<Obj> there = cluster.get(Resources.REPLICA_SETS, set.namespace(), set.name());
        if (there.isPresent() && Owners.ownedBy(there.get(), deployment)
                && Templates.same(there.get().at("spec", "template"), deployment.at("spec", "template"))) {
            return there.get();
        }
        cluster.patch(Resources.DEPLOYMENTS, deployment.namespace(), deployment.name(), "status", Patch.MERGE,
                Obj.of("metadata", Obj.of("uid", deployment.uid()), "status", Obj.of("collisionCount", collisions + 1)));
        throw new ClusterException(409, "Conflict", "hash collision of " + set.name() + ": " + e.getMessage(), null);
    }

    /** Keeps spec.revisionHistoryLimit old ReplicaSets. */
    void clean(Obj deployment, List<Obj> old) throws ClusterException, InterruptedException {
        OptionalLong limit = deployment.number("spec", "revisionHistoryLimit");
        if (limit.isEmpty() || limit.getAsLong() >= Integer.MAX_VALUE) {
            return;
        }
        List<Obj> alive = old.stream().filter(s -> !s.deleting()).sorted(Comparator.comparingLong(Revisions::revision)).toList();
        for (int i = 0; i < alive.size() - limit.getAsLong(); i++) {
            Obj set = alive.get(i);
            boolean idle = Rollout.replicas(set) == 0 && set.number("status", "replicas").orElse(0) == 0
                    && set.number("metadata", "generation").orElse(0) <= set.number("status", "observedGeneration").orElse(0);
            if (idle) {
                cluster.delete(Resources.REPLICA_SETS, deployment.namespace(), set.name(), Propagation.DEFAULT, OptionalLong.empty(), set.uid());
            }
        }
    }
}
