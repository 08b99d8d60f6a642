package io.manul.controllers.batch.job;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts each pod exactly once (KEP-2307). 1. A pod that ended is written into {@code uncountedTerminatedPods}. 2. It loses its
 * finalizer. 3. It leaves the list, and the counter grows by one, in one write. A crash between any two is taken up where it
 * was: the finalizer says whether the pod is in the counters. Every write carries the version that was read.
 */
final class Tracking {

    private static final int MOST_UNCOUNTED = 500;

    private final Cluster cluster;
    private final JobPods pods;
    private final Expectations expectations;
    private final Backoff backoff;
    private final Events events;

    Tracking(Cluster cluster, JobPods pods, Expectations expectations, Backoff backoff, Events events) {
        this.cluster = cluster;
        this.pods = pods;
        this.expectations = expectations;
        this.backoff = backoff;
        this.events = events;
    }

    /** @param changed the status differs already from what is stored */
    void track(Round r, boolean changed) throws ClusterException, InterruptedException {
        Set<String> tracked = new HashSet<>();
        r.pods.stream().filter(r::tracked).forEach(p -> tracked.add(p.uid()));
        boolean flush = changed | settle(r.status(), tracked);
        List<Obj> release = new ArrayList<>();
        flush |= collect(r, release);
        flush |= conditions(r);
        if (flush) {
            write(r);
            backoff.keep(r.uid, r.failures);
        }
        ClusterException trouble = pods.release(r.uid, release, tracked);
        boolean counted = settle(r.status(), tracked);
        boolean finished = trouble == null && !r.partly && finish(r);
        if (counted || finished) {
            write(r);
        }
        if (finished) {
            tell(r);
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    private static int uncounted(Round r) {
        return r.job.strings("status", "uncountedTerminatedPods", "succeeded").size()
                + r.job.strings("status", "uncountedTerminatedPods", "failed").size();
    }

    /** What has lost its finalizer moves from the list to the counter. */
    private static boolean settle(Obj status, Set<String> tracked) {
        boolean changed = false;
        for (String which : List.of("succeeded", "failed")) {
            List<String> listed = status.strings("uncountedTerminatedPods", which);
            List<String> left = listed.stream().filter(tracked::contains).toList();
            if (left.size() != listed.size()) {
                changed = true;
                status.put(which, status.number(which).orElse(0) + listed.size() - left.size());
                status.make("uncountedTerminatedPods").put(which, left.isEmpty() ? null : left);
            }
        }
        return changed;
    }

    /** Pods that ended get into the list (or, succeeded ones of an index, among the completed indexes). */
    private boolean collect(Round r, List<Obj> release) {
        boolean indexed = JobSpec.indexed(r.job);
        Obj uncounted = r.status().make("uncountedTerminatedPods");
        Set<Integer> newIndexes = new HashSet<>();
        boolean flush = false;
        List<Obj> order = indexed ? r.pods.stream().sorted(Comparator.comparingInt(JobPod::index)).toList() : r.pods;
        for (Obj pod : order) {
            boolean failed = JobPod.failed(pod, r.job);
            if (!r.tracked(pod) || !releasable(r, pod, failed)) {
                continue;
            }
            release.add(pod);
            boolean listed = r.uncountedFailed.contains(pod.uid());
            if (JobPod.succeeded(pod) && !listed) {
                if (indexed) {
                    flush |= JobPod.indexOf(pod, r.job) && !r.succeededBefore.has(JobPod.index(pod)) && newIndexes.add(JobPod.index(pod));
                } else if (!r.uncountedSucceeded.contains(pod.uid())) {
                    flush |= uncounted.list("succeeded").add(pod.uid());
                }
            } else if ((failed || r.finished != null && !r.finished.text("type").equals("SuccessCriteriaMet")) && !listed
                    && (!indexed || JobPod.indexOf(pod, r.job)) && FailurePolicy.of(r.job, pod).counts()) {
                flush |= uncounted.list("failed").add(pod.uid());
            }
            if (newIndexes.size() + uncounted(r) >= MOST_UNCOUNTED) {
                r.partly = true; // their release brings the Job again
                break;
            }
        }
        return flush | (indexed && completed(r, newIndexes));
    }

    private static boolean completed(Round r, Set<Integer> newIndexes) {
        r.succeededIndexes = r.succeededIndexes.with(newIndexes);
        Obj status = r.status();
        String completed = r.succeededIndexes.toString();
        String failed = r.failedIndexes == null ? null : r.failedIndexes.toString();
        boolean changed = !completed.equals(status.text("completedIndexes")) || !java.util.Objects.equals(failed,
                status.get("failedIndexes"));
        int total = r.succeededIndexes.total();
        status.put("succeeded", total == 0 ? null : total).put("completedIndexes", completed.isEmpty() ? null : completed)
                .put("failedIndexes", failed);
        return changed;
    }

    private static boolean releasable(Round r, Obj pod, boolean failed) {
        if (r.job.deleting() || r.finished != null || JobPod.succeeded(pod)) {
            return true;
        }
        Obj waiting = r.delayed.get(JobPod.index(pod));
        return failed && (waiting == null || !waiting.uid().equals(pod.uid()));
    }

    /** The first of the two conditions that a Job ends with: that it is about to. */
    private static boolean conditions(Round r) {
        if (r.finished == null) {
            return false;
        }
        Obj finished = r.finished;
        boolean changed = false;
        switch (finished.text("type")) {
            case "FailureTarget" -> {
                changed = Conditions.ensure(r.status(), finished);
                r.finished = Conditions.of("Failed", "True", finished.text("reason"), finished.text("message"), r.now);
            }
            case "SuccessCriteriaMet" -> {
                changed = !Conditions.holds(r.status(), "SuccessCriteriaMet") && Conditions.ensure(r.status(), finished);
                r.finished = Conditions.of("Complete", "True", finished.text("reason"), finished.text("message"), r.now);
            }
            default -> { }
        }
        return changed;
    }

    /** The second: once every pod is counted and none is going any more. */
    private static boolean finish(Round r) {
        if (r.finished == null || uncounted(r) > 0 || r.terminating > 0) {
            return false;
        }
        Conditions.ensure(r.status(), r.finished);
        if (r.finished.text("type").equals("Complete")) {
            r.status().put("completionTime", r.now);
        }
        return true;
    }

    private void write(Round r) throws ClusterException, InterruptedException {
        Obj stored = cluster.update(Resources.JOBS, r.job.namespace(), "status", r.job);
        expectations.wrote(r.uid, stored.resourceVersion());
        r.job = stored.put("kind", "Job").put("apiVersion", "batch/v1");
    }

    private void tell(Round r) {
        if (r.finished.text("type").equals("Failed")) {
            events.warning(r.job, r.finished.text("reason"), r.finished.text("message"));
            return;
        }
        if (JobSpec.completions(r.job).isPresent() && r.job.number("status", "succeeded").orElse(0) > JobSpec.completions(r.job)
                .getAsLong()) {
            events.warning(r.job, "TooManySucceededPods", "Too many succeeded pods running after completion count reached");
        }
        events.normal(r.job, "Completed", "Job completed");
    }
}
