package io.manul.controllers.batch.job;

import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A Job in line with its pods (Kubernetes, "Jobs"): observe, decide whether it has ended, make or remove pods, count those that
 * ended. What it decides follows kube-controller-manager 1.36, pkg/controller/job.
 */
final class JobReconciler implements Reconciler {

    private final Informer jobs;
    private final JobPods pods;
    private final Claims claims;
    private final Strays strays;
    private final Tracking tracking;
    private final Expectations expectations;
    private final Backoff backoff;
    private final Events events;
    private final InstantSource clock;

    JobReconciler(Informer jobs, JobPods pods, Claims claims, Strays strays, Tracking tracking, Expectations expectations, Backoff backoff,
            Events events, InstantSource clock) {
        this.jobs = jobs;
        this.pods = pods;
        this.claims = claims;
        this.strays = strays;
        this.tracking = tracking;
        this.expectations = expectations;
        this.backoff = backoff;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        if (key.name().isEmpty()) {
            strays.release();
            return Outcome.SETTLED;
        }
        Optional<Obj> found = jobs.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj job = found.get();
        if (JobSpec.foreign(job)) {
            return Outcome.SETTLED;
        }
        if (JobSpec.finished(job)) {
            backoff.forget(job.uid());
            expectations.forget(job.uid());
            return Outcome.SETTLED;
        }
        if (!expectations.current(job.uid(), job.resourceVersion())) {
            return Outcome.SETTLED; // the change that is missing brings the key again
        }
        return sync(job.put("kind", "Job").put("apiVersion", "batch/v1"));
    }

    private Outcome sync(Obj job) throws ClusterException, InterruptedException {
        boolean seen = expectations.met(job.uid()); // asked before the cache is read, or a pod seen in between counts twice
        claims.open();
        Round r = new Round(job, claims.of(job), expectations.released(job.uid()),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        count(r);
        if (!r.job.has("status", "startTime") && !JobSpec.suspended(job)) {
            r.status().put("startTime", r.now);
        }
        end(r);
        indexes(r);
        boolean changed = act(r, seen);
        Obj status = r.status();
        changed |= !same(status, "active", r.activeCount) || !same(status, "ready", r.ready) || !same(status, "terminating", r.terminating);
        status.put("active", r.activeCount == 0 ? null : r.activeCount).put("ready", r.ready).put("terminating", r.terminating);
        tracking.track(r, changed);
        if (r.trouble != null) {
            throw r.trouble;
        }
        return r.again == null ? Outcome.SETTLED : new Outcome.Again(r.again.plusMillis(50), "time alone changes it");
    }

    private static boolean same(Obj status, String field, long value) {
        return status.has(field) ? status.number(field).orElse(-1) == value : field.equals("active") && value == 0;
    }

    private void count(Round r) {
        List<Obj> succeeded = r.newSucceeded();
        List<Obj> failed = r.newFailed();
        r.succeeded = r.job.number("status", "succeeded").orElse(0) + succeeded.size() + r.uncountedSucceeded.size();
        r.failed = r.job.number("status", "failed").orElse(0) + r.uncountedFailed.size()
                + failed.stream().filter(p -> FailurePolicy.of(r.job, p).counts()).count();
        r.failures = backoff.with(r.uid, succeeded, failed);
    }

    /** Whether it has ended by a condition that it has, by its failure policy, its back-off limit or its deadline. */
    private void end(Round r) {
        Obj status = r.job.at("status");
        Optional<Obj> met = Conditions.holding(status, "SuccessCriteriaMet");
        Optional<Obj> target = Conditions.holding(status, "FailureTarget");
        Optional<String> failsJob = FailurePolicy.failsJob(r.job, r.pods);
        if (met.isPresent()) {
            r.finished = met.get();
        } else if (target.isPresent()) {
            r.finished = Conditions.of("Failed", "True", target.get().text("reason"), target.get().text("message"), r.now);
        } else if (failsJob.isPresent()) {
            fail(r, "PodFailurePolicy", failsJob.get());
        } else if (r.failed > JobSpec.backoffLimit(r.job) || restartsExceed(r)) {
            fail(r, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        } else if (r.job.has("spec", "activeDeadlineSeconds") && !JobSpec.suspended(r.job)) {
            Duration left = Duration.between(clock.instant(), Instant.parse(r.job.text("status", "startTime")))
                    .plusSeconds(r.job.number("spec", "activeDeadlineSeconds").orElse(0));
            if (left.isPositive()) {
                r.again(left);
            } else {
                fail(r, "DeadlineExceeded", "Job was active longer than specified deadline");
            }
        }
    }

    private static void fail(Round r, String reason, String message) {
        r.finished = Conditions.of("FailureTarget", "True", reason, message, r.now);
    }

    /** With restartPolicy OnFailure the restarts of containers count against the back-off limit. */
    private static boolean restartsExceed(Round r) {
        if (!r.job.text("spec", "template", "spec", "restartPolicy").equals("OnFailure")) {
            return false;
        }
        long restarts = 0;
        for (Obj pod : r.pods) {
            if (JobPod.phase(pod).equals("Running") || JobPod.phase(pod).equals("Pending")) {
                for (String list : List.of("initContainerStatuses", "containerStatuses")) {
                    restarts += pod.objects("status", list).stream().mapToLong(s -> s.number("restartCount").orElse(0)).sum();
                }
            }
        }
        long limit = JobSpec.backoffLimit(r.job);
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    private void indexes(Round r) {
        if (!JobSpec.indexed(r.job)) {
            return;
        }
        int completions = JobSpec.indexes(r.job);
        r.succeededBefore = Indexes.parse(r.job.text("status", "completedIndexes"), completions);
        r.succeededIndexes = r.succeededBefore.with(JobPod.indexes(r.pods.stream()
                .filter(p -> JobPod.succeeded(p) && JobPod.indexOf(p, r.job) && JobPod.tracked(p)).toList()));
        r.succeeded = r.succeededIndexes.total();
        if (JobSpec.limitPerIndex(r.job)) {
            IndexLimits.observe(r);
            if (r.finished == null) {
                IndexLimits.failure(r).ifPresent(f -> fail(r, f.text("reason"), f.text("message")));
            }
        }
        if (r.finished == null) {
            SuccessPolicy.met(r.job, r.succeededIndexes)
                    .ifPresent(m -> r.finished = Conditions.of("SuccessCriteriaMet", "True", "SuccessPolicy", m, r.now));
        }
    }

    /** @return whether the condition Suspended changed */
    private boolean act(Round r, boolean seen) throws ClusterException, InterruptedException {
        if (r.finished != null) {
            boolean all = pods.end(r);
            if (!all || !seen) {
                r.finished = null; // some may be there still: the Job ends when all are gone
            }
            return false;
        }
        boolean managed = seen && !r.job.deleting();
        if (managed) {
            pods.manage(r);
        }
        boolean complete = JobSpec.completions(r.job).isEmpty() ? r.succeeded > 0 && r.activeCount == 0
                : r.succeeded >= JobSpec.completions(r.job).getAsLong() && r.activeCount == 0;
        if (complete) {
            r.finished = Conditions.of("SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods",
                    r.now);
            return false;
        }
        return managed && suspension(r);
    }

    private boolean suspension(Round r) {
        boolean suspended = JobSpec.suspended(r.job);
        Obj wanted = suspended ? Conditions.of("Suspended", "True", "JobSuspended", "Job suspended", r.now)
                : Conditions.of("Suspended", "False", "JobResumed", "Job resumed", r.now);
        if (!Conditions.ensure(r.status(), wanted)) {
            return false;
        }
        events.normal(r.job, suspended ? "Suspended" : "Resumed", wanted.text("message"));
        r.status().put("startTime", suspended ? null : r.now);
        return true;
    }
}
