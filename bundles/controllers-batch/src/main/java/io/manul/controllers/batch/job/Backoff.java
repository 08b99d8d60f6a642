package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long a Job waits after failed pods before it makes new ones: 10 s, doubled with each failure since the last success, at
 * most 10 min (Kubernetes, "Jobs", Pod backoff failure policy). By the Job's uid; a new version begins anew.
 */
final class Backoff {

    static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration MOST = Duration.ofMinutes(10);

    /** @param last when the last of them ended; null without any */
    record Failures(int sinceSuccess, Instant last) {

        Duration left(Instant now) {
            return Backoff.left(sinceSuccess, last, now);
        }
    }

    private static final Failures NONE = new Failures(0, null);

    private final Map<String, Failures> all = new ConcurrentHashMap<>();

    /** What becomes of the record with pods that ended since; kept with {@link #keep}. */
    Failures with(String job, List<Obj> succeeded, List<Obj> failed) {
        Failures before = all.getOrDefault(job, NONE);
        List<Instant> ends = failed.stream().map(JobPod::finishedAt).sorted(Comparator.naturalOrder()).toList();
        if (succeeded.isEmpty()) {
            return ends.isEmpty() ? before : new Failures(before.sinceSuccess() + ends.size(), ends.getLast());
        }
        Instant success = succeeded.stream().map(JobPod::finishedAt).max(Comparator.naturalOrder()).orElseThrow();
        List<Instant> after = ends.stream().filter(e -> e.isAfter(success)).toList();
        return after.isEmpty() ? NONE : new Failures(after.size(), after.getLast());
    }

    void keep(String job, Failures failures) {
        all.put(job, failures);
    }

    void forget(String job) {
        all.remove(job);
    }

    /** Until an index may be tried again, whose last pod was this. */
    static Duration leftOfIndex(Obj lastFailed, Instant now) {
        return lastFailed == null ? Duration.ZERO : left((int) JobPod.allFailures(lastFailed) + 1, JobPod.finishedAt(lastFailed), now);
    }

    private static Duration left(int failures, Instant last, Instant now) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration wait = failures > 7 ? MOST : FIRST.multipliedBy(1L << failures - 1);
        Duration left = (wait.compareTo(MOST) > 0 ? MOST : wait).minus(Duration.between(last, now));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
