package io.manul.controllers.workload.replicaset;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.controllers.workload.Owners;
import io.manul.controllers.workload.PodState;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Keeps as many pods as the ReplicaSet asks for. */
final class ReplicaSetReconciler implements Reconciler {

    private static final int BURST = 500;

    private final Cluster cluster;
    private final Informer sets;
    private final Informer pods;
    private final Expectations expectations;
    private final Events events;
    private final InstantSource clock;

    ReplicaSetReconciler(Cluster cluster, Informer sets, Informer pods, Expectations expectations, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.sets = sets;
        this.pods = pods;
        this.expectations = expectations;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = sets.get(key);
        if (found.isEmpty()) {
            expectations.forget(key);
            return Outcome.SETTLED;
        }
        Obj set = found.get();
        List<Obj> mine = claim(set);
        Optional<String> failure = Optional.empty();
        if (expectations.met(key) && !set.deleting()) {
            failure = scale(key, set, mine.stream().filter(PodState::active).toList());
        }
        status(set, mine, failure);
        if (failure.isPresent()) {
            throw new ClusterException(500, "ReplicaFailure", failure.get(), null);
        }
        return again(set, mine);
    }

    /** Pods that it controls; matching orphans are adopted, pods that match no more are let go. */
    private List<Obj> claim(Obj set) throws ClusterException, InterruptedException {
        Selector selector = Selector.of(set.at("spec", "selector"));
        List<Obj> mine = new ArrayList<>();
        for (Obj pod : pods.list(set.namespace())) {
            boolean matches = selector.matches(pod.labels());
            Optional<Obj> owner = Owners.controller(pod);
            if (owner.isPresent() && owner.get().text("uid").equals(set.uid())) {
                if (matches || set.deleting()) {
                    mine.add(pod);
                } else {
                    cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "", Patch.STRATEGIC, Owners.release(pod, set));
                }
            } else if (owner.isEmpty() && matches && !set.deleting() && PodState.active(pod)) {
                mine.add(cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "", Patch.STRATEGIC,
                        Owners.adoption(pod, Owners.reference(set, "apps/v1", "ReplicaSet"))));
            }
        }
        return mine;
    }

    private Optional<String> scale(Key key, Obj set, List<Obj> active) throws InterruptedException {
        long wanted = set.number("spec", "replicas").orElse(1);
        if (active.size() < wanted) {
            return create(key, set, (int) Math.min(BURST, wanted - active.size()));
        }
        if (active.size() > wanted) {
            return delete(key, set, Ranking.first(active, (int) Math.min(BURST, active.size() - wanted), company(set)));
        }
        return Optional.empty();
    }

    /** In batches of 1, 2, 4, ...: when the first cannot be made, the others are not tried. */
    private Optional<String> create(Key key, Obj set, int count) throws InterruptedException {
        int done = 0;
        for (int batch = 1; done < count; batch *= 2) {
            int size = Math.min(batch, count - done);
            expectations.create(key, size);
            for (int i = 0; i < size; i++) {
                try {
                    Obj pod = cluster.create(Resources.PODS, set.namespace(), pod(set));
                    events.normal(typed(set), "SuccessfulCreate", "Created pod: " + pod.name());
                } catch (ClusterException e) {
                    for (int j = i; j < size; j++) {
                        expectations.created(key);
                    }
                    if (e.reason().equals("Forbidden") && e.getMessage().contains("being terminated")) {
                        return Optional.empty(); // the namespace goes: nothing more is wanted
                    }
                    events.warning(typed(set), "FailedCreate", "Error creating: " + e.getMessage());
                    return Optional.of(e.getMessage());
                }
            }
            done += size;
        }
        return Optional.empty();
    }

    private static Obj typed(Obj set) {
        return set.has("kind") ? set : set.put("kind", "ReplicaSet").put("apiVersion", "apps/v1");
    }

    private static Obj pod(Obj set) {
        Obj template = set.at("spec", "template").copy();
        Obj metadata = Obj.of("generateName", set.name() + "-", "namespace", set.namespace(),
                "ownerReferences", List.of(Owners.reference(set, "apps/v1", "ReplicaSet")));
        for (String part : List.of("labels", "annotations", "finalizers")) {
            metadata.put(part, template.get("metadata", part));
        }
        return Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", template.at("spec"));
    }

    private Optional<String> delete(Key key, Obj set, List<Obj> going) throws InterruptedException {
        Optional<String> failure = Optional.empty();
        for (Obj pod : going) {
            expectations.delete(key, pod.uid());
            try {
                cluster.delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, OptionalLong.empty(), pod.uid());
                events.normal(typed(set), "SuccessfulDelete", "Deleted pod: " + pod.name());
            } catch (ClusterException e) {
                expectations.deleted(key, pod.uid());
                if (!e.conflict()) {
                    events.warning(typed(set), "FailedDelete", "Error deleting: " + e.getMessage());
                    failure = Optional.of(e.getMessage());
                }
            }
        }
        return failure;
    }

    /** Active pods by node of all ReplicaSets of the same owner. */
    private Map<String, Long> company(Obj set) {
        Map<String, Long> company = new HashMap<>();
        Optional<Obj> owner = Owners.controller(set);
        for (Obj other : sets.list(set.namespace())) {
            boolean related = other.uid().equals(set.uid())
                    || owner.isPresent() && Owners.controller(other).map(o -> o.text("uid").equals(owner.get().text("uid"))).orElse(false);
            if (related) {
                pods.byIndex("owner", other.uid()).stream().filter(PodState::active)
                        .forEach(p -> company.merge(p.text("spec", "nodeName"), 1L, Long::sum));
            }
        }
        return company;
    }

    private void status(Obj set, List<Obj> mine, Optional<String> failure) throws ClusterException, InterruptedException {
        Obj status = ReplicaSetStatus.of(set, mine, failure, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        if (!status.equals(set.at("status"))) {
            Obj changed = set.copy().put("status", status).put("kind", "ReplicaSet").put("apiVersion", "apps/v1");
            cluster.update(Resources.REPLICA_SETS, set.namespace(), "status", changed);
        }
    }

    /** Ready pods become available with time alone. */
    private Outcome again(Obj set, List<Obj> mine) {
        long minReady = set.number("spec", "minReadySeconds").orElse(0);
        Instant now = clock.instant();
        Optional<Duration> next = minReady == 0 ? Optional.empty() : mine.stream()
                .filter(p -> PodState.ready(p) && !PodState.available(p, minReady, now))
                .map(p -> PodState.untilAvailable(p, minReady, now)).min(Duration::compareTo);
        return next.<Outcome>map(d -> new Outcome.Again(d.plusMillis(100), "minReadySeconds")).orElse(Outcome.SETTLED);
    }
}
