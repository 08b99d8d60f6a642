package io.manul.controllers.batch.ttl;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Deletes Jobs {@code spec.ttlSecondsAfterFinished} after they ended, with their pods. */
public final class FinishedJobs {

    private final Cluster cluster;
    private final Informer jobs;
    private final InstantSource clock;

    private FinishedJobs(Cluster cluster, Informer jobs, InstantSource clock) {
        this.cluster = cluster;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Not started. */
    public static Controller controller(Cluster cluster, Informer jobs, InstantSource clock) {
        FinishedJobs f = new FinishedJobs(cluster, jobs, clock);
        Controller controller = new Controller("ttl-after-finished", f::reconcile, List.of(jobs));
        jobs.listen(c -> {
            if (c.kind() != Informer.Kind.DELETED && f.expiry(c.object()).isPresent()) {
                controller.queue().add(Key.of(c.object()));
            }
        });
        return controller;
    }

    private Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Duration> left = jobs.get(key).flatMap(this::left);
        if (left.isPresent() && !left.get().isPositive()) {
            Optional<Obj> fresh = cluster.get(Resources.JOBS, key.namespace(), key.name()); // its time may have been prolonged
            left = fresh.flatMap(this::left);
            if (left.isPresent() && !left.get().isPositive()) {
                cluster.delete(Resources.JOBS, key.namespace(), key.name(), Propagation.FOREGROUND, OptionalLong.empty(), fresh.get()
                        .uid());
                return Outcome.SETTLED;
            }
        }
        return left.<Outcome>map(d -> new Outcome.Again(d, "its time is not over")).orElse(Outcome.SETTLED);
    }

    private Optional<Duration> left(Obj job) {
        return expiry(job).map(t -> Duration.between(clock.instant(), t));
    }

    private Optional<Instant> expiry(Obj job) {
        if (job.deleting() || !job.has("spec", "ttlSecondsAfterFinished")) {
            return Optional.empty();
        }
        return job.objects("status", "conditions").stream().filter(c -> c.text("status").equals("True"))
                .filter(c -> c.text("type").equals("Complete") || c.text("type").equals("Failed"))
                .flatMap(c -> c.string("lastTransitionTime").stream()).map(Instant::parse).findFirst()
                .map(t -> t.plusSeconds(job.number("spec", "ttlSecondsAfterFinished").orElse(0)));
    }
}
