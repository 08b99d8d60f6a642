package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code spec.backoffLimitPerIndex}: which indexes have failed, and which failed pods wait for their successor (Kubernetes,
 * "Jobs", Backoff limit per index). Pure.
 */
final class IndexLimits {

    private IndexLimits() {
    }

    static void observe(Round r) {
        Indexes before = Indexes.parse(r.job.text("status", "failedIndexes"), JobSpec.indexes(r.job));
        r.failedIndexes = before.with(JobPod.indexes(r.pods.stream()
                .filter(p -> JobPod.indexOf(p, r.job) && JobPod.tracked(p) && indexFailed(r.job, p)).toList()));
        delayed(r);
    }

    private static boolean indexFailed(Obj job, Obj pod) {
        if (!JobPod.failed(pod, job)) {
            return false;
        }
        FailurePolicy.Verdict v = FailurePolicy.of(job, pod);
        return v.action().equals("FailIndex")
                || v.counts() && JobPod.failures(pod) >= job.number("spec", "backoffLimitPerIndex").orElse(0);
    }

    private static void delayed(Round r) {
        Set<Integer> active = JobPod.indexes(r.active);
        for (Obj pod : r.pods) {
            int index = JobPod.index(pod);
            if (!r.valid(pod) || !JobPod.failed(pod, r.job) || r.succeededIndexes.has(index) || r.failedIndexes.has(index)
                    || active.contains(index)) {
                continue;
            }
            Obj last = r.delayed.get(index);
            if (last == null || JobPod.allFailures(last) <= JobPod.allFailures(pod) && !JobPod.finishedAt(pod)
                    .isBefore(JobPod.finishedAt(last))) {
                r.delayed.put(index, pod);
            }
        }
    }

    /** Reason and message, when too many indexes failed or none is left to try. */
    static Optional<Obj> failure(Round r) {
        OptionalLong most = r.job.number("spec", "maxFailedIndexes");
        int failed = r.failedIndexes.total();
        if (most.isPresent() && failed > most.getAsLong()) {
            return Optional.of(Obj.of("reason", "MaxFailedIndexesExceeded", "message",
                    "Job has exceeded the specified maximal number of failed indexes"));
        }
        if (failed > 0 && failed + r.succeededIndexes.total() >= JobSpec.indexes(r.job)) {
            return Optional.of(Obj.of("reason", "FailedIndexes", "message", "Job has failed indexes"));
        }
        return Optional.empty();
    }
}
