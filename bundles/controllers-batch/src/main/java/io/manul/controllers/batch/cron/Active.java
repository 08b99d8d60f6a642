package io.manul.controllers.batch.cron;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code status.active} of one CronJob: the Jobs of it that run. Writes into the object that it was made with. */
final class Active {

    private final Cluster cluster;
    private final Obj cron;
    private final Events events;

    Active(Cluster cluster, Obj cron, Events events) {
        this.cluster = cluster;
        this.cron = cron;
        this.events = events;
    }

    private List<Obj> all() {
        return cron.objects("status", "active");
    }

    boolean isEmpty() {
        return all().isEmpty();
    }

    boolean has(String uid) {
        return all().stream().anyMatch(a -> a.text("uid").equals(uid));
    }

    boolean named(String job) {
        return all().stream().anyMatch(a -> a.text("name").equals(job));
    }

    void add(Obj job) {
        cron.make("status").list("active").add(Obj.of("kind", "Job", "namespace", job.namespace(), "name", job.name(), "uid", job.uid(),
                "apiVersion", "batch/v1", "resourceVersion", job.resourceVersion()).map());
    }

    void remove(String uid) {
        List<Obj> left = all().stream().filter(a -> !a.text("uid").equals(uid)).toList();
        cron.make("status").put("active", left.isEmpty() ? null : left);
    }

    /** Those that ended leave the list, and those that are gone. */
    void observe(List<Obj> jobs) throws ClusterException, InterruptedException {
        for (Obj job : jobs) {
            Optional<String> ended = ended(job);
            if (ended.isEmpty() && !has(job.uid())) {
                unexpected(job);
            } else if (ended.isPresent() && has(job.uid())) {
                remove(job.uid());
                events.normal(cron, "SawCompletedJob", "Saw completed job: " + job.name() + ", condition: " + ended.get());
            }
            if (ended.orElse("").equals("Complete")) {
                success(job.text("status", "completionTime"));
            }
        }
        Set<String> known = jobs.stream().map(Obj::uid).collect(Collectors.toSet());
        for (Obj a : all()) {
            if (!known.contains(a.text("uid")) && cluster.get(Resources.JOBS, cron.namespace(), a.text("name")).isEmpty()) {
                events.normal(cron, "MissingJob", "Active job went missing: " + a.text("name"));
                remove(a.text("uid"));
            }
        }
    }

    /** The cache may be behind: asked of the API before it is told. */
    private void unexpected(Obj job) throws ClusterException, InterruptedException {
        Obj fresh = cluster.get(Resources.CRON_JOBS, cron.namespace(), cron.name()).orElse(cron);
        if (fresh.objects("status", "active").stream().noneMatch(a -> a.text("uid").equals(job.uid()))) {
            events.warning(cron, "UnexpectedJob", "Saw a job that the controller did not create or forgot: " + job.name());
        }
    }

    private void success(String time) {
        String last = cron.text("status", "lastSuccessfulTime");
        if (!time.isEmpty() && (last.isEmpty() || Instant.parse(time).isAfter(Instant.parse(last)))) {
            cron.make("status").put("lastSuccessfulTime", time);
        }
    }

    /** Complete or Failed, once it has ended. */
    static Optional<String> ended(Obj job) {
        return job.objects("status", "conditions").stream().filter(c -> c.text("status").equals("True")).map(c -> c.text("type"))
                .filter(t -> t.equals("Complete") || t.equals("Failed")).findFirst();
    }

    /** Concurrency policy Replace: what runs makes room. */
    void replace() throws ClusterException, InterruptedException {
        for (Obj a : all()) {
            delete(a.text("name"), a.text("uid"));
        }
    }

    void delete(String job, String uid) throws ClusterException, InterruptedException {
        try {
            cluster.delete(Resources.JOBS, cron.namespace(), job, Propagation.BACKGROUND, OptionalLong.empty(), uid);
        } catch (ClusterException e) {
            events.warning(cron, "FailedDelete", "Deleted job: " + e.getMessage());
            throw e;
        }
        remove(uid);
        events.normal(cron, "SuccessfulDelete", "Deleted job " + job);
    }
}
