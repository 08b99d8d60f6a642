package io.manul.controllers.workload.replicaset;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Propagation;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.owner.Expectations;
import io.manul.client.owner.Owners;
import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Keeps as many pods as the ReplicaSet, or the ReplicationController, asks for. */
final class ReplicaSetReconciler implements Reconciler {

    private static final int BURST = 500;

    /** Why pods could not be made or removed. @param reason of the condition ReplicaFailure */
    record Failure(int code, String reason, String message) {
    }

    private final Cluster cluster;
    private final Family family;
    private final Expectations expectations;
    private final Events events;
    private final InstantSource clock;

    ReplicaSetReconciler(Cluster cluster, Family family, Expectations expectations, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.family = family;
        this.expectations = expectations;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = family.sets().get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj set = found.get();
        boolean seen = expectations.met(set.uid()); // asked before the cache is read, or a pod seen in between counts twice
        List<Obj> mine = Owners.claim(cluster, set, family.resource(), family.selector(set), family.pods(), Resources.PODS, PodState::active);
        Optional<Failure> failure = Optional.empty();
        if (seen && !set.deleting()) {
            failure = scale(set, mine.stream().filter(PodState::active).toList());
        }
        status(set, mine, failure);
        if (failure.isPresent()) {
            throw new ClusterException(failure.get().code(), failure.get().reason(), failure.get().message(), null);
        }
        return again(set, mine);
    }

    private Optional<Failure> scale(Obj set, List<Obj> active) throws InterruptedException {
        long wanted = set.number("spec", "replicas").orElse(1);
        if (active.size() < wanted) {
            return create(set, (int) Math.min(BURST, wanted - active.size()));
        }
        if (active.size() > wanted) {
            return delete(set, Ranking.first(active, (int) Math.min(BURST, active.size() - wanted), company(set), clock.instant()));
        }
        return Optional.empty();
    }

    /** In batches of 1, 2, 4, ...: when the first cannot be made, the others are not tried. */
    private Optional<Failure> create(Obj set, int count) throws InterruptedException {
        int done = 0;
        for (int batch = 1; done < count; batch *= 2) {
            int size = Math.min(batch, count - done);
            expectations.create(set.uid(), size);
            for (int i = 0; i < size; i++) {
                try {
                    Obj pod = cluster.create(Resources.PODS, set.namespace(), pod(set));
                    events.normal(family.typed(set), "SuccessfulCreate", "Created pod: " + pod.name());
                } catch (ClusterException e) {
                    for (int j = i; j < size; j++) {
                        expectations.created(set.uid());
                    }
                    if (e.reason().equals("Forbidden") && e.getMessage().contains("being terminated")) {
                        return Optional.empty(); // the namespace goes: nothing more is wanted
                    }
                    events.warning(family.typed(set), "FailedCreate", "Error creating: " + e.getMessage());
                    return Optional.of(new Failure(e.code(), "FailedCreate", e.getMessage()));
                }
            }
            done += size;
        }
        return Optional.empty();
    }

    private Obj pod(Obj set) {
        Obj template = set.at("spec", "template").copy();
        Obj metadata = Obj.of("generateName", set.name() + "-", "namespace", set.namespace(),
                "ownerReferences", List.of(Owners.reference(set, family.resource())));
        for (String part : List.of("labels", "annotations", "finalizers")) {
            metadata.put(part, template.get("metadata", part));
        }
        return Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", template.at("spec"));
    }

    private Optional<Failure> delete(Obj set, List<Obj> going) throws InterruptedException {
        Optional<Failure> failure = Optional.empty();
        for (Obj pod : going) {
            expectations.delete(set.uid(), pod.uid());
            try {
                boolean there = cluster.delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, OptionalLong.empty(), pod.uid());
                if (there) {
                    events.normal(family.typed(set), "SuccessfulDelete", "Deleted pod: " + pod.name());
                } else {
                    expectations.deleted(set.uid(), pod.uid()); // its event may have come before we expected it
                }
            } catch (ClusterException e) {
                expectations.deleted(set.uid(), pod.uid());
                if (!e.conflict()) {
                    events.warning(family.typed(set), "FailedDelete", "Error deleting: " + e.getMessage());
                    failure = Optional.of(new Failure(e.code(), "FailedDelete", e.getMessage()));
                }
            }
        }
        return failure;
    }

    /** Active pods by node of all its siblings of the same owner. */
    private Map<String, Long> company(Obj set) {
        Map<String, Long> company = new HashMap<>();
        Optional<Obj> owner = Owners.controller(set);
        for (Obj other : siblings(set, owner)) {
            family.pods().byIndex(Owners.INDEX, other.uid()).stream().filter(PodState::active)
                    .forEach(p -> company.merge(p.text("spec", "nodeName"), 1L, Long::sum));
        }
        return company;
    }

    private List<Obj> siblings(Obj set, Optional<Obj> owner) {
        return owner.isEmpty() ? List.of(set) : family.sets().byIndex(Owners.INDEX, owner.get().text("uid"));
    }

    private void status(Obj set, List<Obj> mine, Optional<Failure> failure) throws ClusterException, InterruptedException {
        Obj status = ReplicaSetStatus.of(family, set, mine, failure, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        if (!status.equals(set.at("status"))) {
            Obj changed = family.typed(set.copy()).put("status", status);
            cluster.update(family.resource(), set.namespace(), "status", changed);
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
