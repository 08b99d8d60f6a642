package io.manul.controllers.batch.cron;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.controllers.batch.Owners;
import io.manul.json.Obj;
import io.manul.model.CronSchedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A Job at each time of the schedule (Kubernetes, "CronJob"): history, what runs, whether a time has come, the Job of that time.
 * What it decides follows kube-controller-manager 1.36, pkg/controller/cronjob.
 */
final class CronJobReconciler implements Reconciler {

    private static final DateTimeFormatter RFC1123 = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT);

    private final Cluster cluster;
    private final Informer crons;
    private final Informer jobs;
    private final Events events;
    private final InstantSource clock;

    CronJobReconciler(Cluster cluster, Informer crons, Informer jobs, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.crons = crons;
        this.jobs = jobs;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = crons.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj cron = found.get().put("kind", "CronJob").put("apiVersion", "batch/v1");
        Obj before = cron.at("status").copy();
        Active active = new Active(cluster, cron, events);
        List<Obj> mine = jobs.byIndex(Owners.INDEX, cron.uid());
        new History(active).clean(cron, mine);
        Optional<Duration> next = Optional.empty();
        ClusterException trouble = null;
        try {
            active.observe(mine);
            next = cron.deleting() ? next : run(cron, active);
        } catch (ClusterException e) {
            trouble = e;
        }
        if (!cron.at("status").equals(before)) {
            cluster.update(Resources.CRON_JOBS, cron.namespace(), "status", cron);
        }
        if (trouble != null) {
            throw trouble;
        }
        return next.<Outcome>map(d -> new Outcome.Again(d, "the next time of the schedule")).orElse(Outcome.SETTLED);
    }

    /** @return when to look again */
    private Optional<Duration> run(Obj cron, Active active) throws ClusterException, InterruptedException {
        Optional<CronSchedule> schedule = schedule(cron);
        if (schedule.isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Missed missed = Missed.of(cron, now, schedule.get(), true);
        if (missed.many()) {
            events.warning(cron, "TooManyMissedTimes",
                    "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        }
        if (missed.last().isPresent() && due(cron, active, missed.last().get(), now)) {
            start(cron, active, missed.last().get());
        }
        return Missed.untilNext(cron, now, schedule.get());
    }

    private Optional<CronSchedule> schedule(Obj cron) {
        String text = cron.text("spec", "schedule");
        ZoneId zone = ZoneId.systemDefault();
        if (cron.has("spec", "timeZone")) {
            try {
                zone = CronSchedule.zone(cron.text("spec", "timeZone"));
            } catch (DateTimeException e) {
                events.warning(cron, "UnknownTimeZone", "invalid timeZone: \"" + cron.text("spec", "timeZone") + "\": " + e.getMessage());
                return Optional.empty();
            }
        }
        if (cron.flag("spec", "suspend")) {
            return Optional.empty();
        }
        if (text.contains("TZ")) {
            events.warning(cron, "UnsupportedSchedule", "CRON_TZ or TZ used in schedule \"" + text + "\" is not officially supported, see "
                    + "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        }
        try {
            return Optional.of(CronSchedule.parse(text, zone));
        } catch (IllegalArgumentException e) {
            events.warning(cron, "UnparseableSchedule", "unparseable schedule: \"" + text + "\" : " + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean due(Obj cron, Active active, Instant time, Instant now) {
        Optional<Instant> deadline = cron.has("spec", "startingDeadlineSeconds")
                ? Optional.of(time.plusSeconds(cron.number("spec", "startingDeadlineSeconds").orElse(0))) : Optional.empty();
        if (deadline.isPresent() && deadline.get().isBefore(now)) {
            events.warning(cron, "MissSchedule", "Missed scheduled time to start a job: " + RFC1123.format(time.atOffset(ZoneOffset.UTC)));
            return false;
        }
        if (active.named(CronTemplate.name(cron, time)) || time.toString().equals(cron.text("status", "lastScheduleTime"))) {
            return false;
        }
        if (cron.text("spec", "concurrencyPolicy").equals("Forbid") && !active.isEmpty()) {
            events.normal(cron, "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is Forbid");
            return false;
        }
        return true;
    }

    private void start(Obj cron, Active active, Instant time) throws ClusterException, InterruptedException {
        if (cron.text("spec", "concurrencyPolicy").equals("Replace")) {
            active.replace();
        }
        Obj wanted = CronTemplate.job(cron, time);
        Obj job;
        try {
            job = cluster.create(Resources.JOBS, cron.namespace(), wanted);
            events.normal(cron, "SuccessfulCreate", "Created job " + job.name());
        } catch (ClusterException e) {
            if (!e.alreadyExists()) {
                if (e.reason().equals("Forbidden") && e.getMessage().contains("being terminated")) {
                    return; // the namespace goes: nothing more is wanted
                }
                events.warning(cron, "FailedCreate", "Error creating job: " + e.getMessage());
                throw e;
            }
            Optional<Obj> there = cluster.get(Resources.JOBS, cron.namespace(), wanted.name()); // made before a crash, not told
            if (there.isEmpty() || !Owners.ownedBy(there.get(), cron) || active.has(there.get().uid())) {
                return;
            }
            job = there.get();
        }
        active.add(job);
        cron.make("status").put("lastScheduleTime", time.toString());
    }
}
