package io.manul.controllers.batch.job;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Makes, removes and releases the pods of a Job. */
final class JobPods {

    private static final int BURST = 500;

    private final Cluster cluster;
    private final Expectations expectations;
    private final Events events;
    private final InstantSource clock;

    JobPods(Cluster cluster, Expectations expectations, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.expectations = expectations;
        this.events = events;
        this.clock = clock;
    }

    /** As many active pods as the Job wants now: none when it is suspended. */
    void manage(Round r) throws InterruptedException {
        if (JobSpec.suspended(r.job)) {
            remove(r, r.active);
            return;
        }
        long wanted = wanted(r);
        List<Obj> surplus = Surplus.of(r.job, r.active, (int) Math.max(0, r.activeCount - wanted));
        if (!surplus.isEmpty()) {
            remove(r, surplus.subList(0, Math.min(BURST, surplus.size())));
            return;
        }
        long missing = Math.min(BURST, wanted - r.activeCount - (JobSpec.replacesFailedOnly(r.job) ? r.terminating : 0));
        if (missing > 0) {
            add(r, (int) missing);
        }
    }

    /** Without completions, any success means that no pod is added. */
    private static long wanted(Round r) {
        OptionalLong completions = JobSpec.completions(r.job);
        if (completions.isEmpty()) {
            return r.succeeded > 0 ? r.activeCount : JobSpec.parallelism(r.job);
        }
        return Math.max(0, Math.min(completions.getAsLong() - r.succeeded, JobSpec.parallelism(r.job)));
    }

    private void add(Round r, int missing) throws InterruptedException {
        if (!JobSpec.limitPerIndex(r.job)) {
            Duration left = r.failures.left(clock.instant());
            if (left.isPositive()) {
                r.again(left);
                return;
            }
        }
        if (!JobSpec.indexed(r.job)) {
            List<Obj> same = new ArrayList<>();
            for (int i = 0; i < missing; i++) {
                same.add(JobTemplate.pod(r.job));
            }
            create(r, same);
            return;
        }
        create(r, pending(r, missing).stream().map(i -> JobTemplate.pod(r.job, i, r.delayed.get(i))).toList());
    }

    /** The first indexes without a pod; of those with a limit of their own, what may be tried again now. */
    private List<Integer> pending(Round r, int count) {
        Indexes taken = r.succeededIndexes.with(JobPod.indexes(r.active));
        if (JobSpec.replacesFailedOnly(r.job)) {
            taken = taken.with(JobPod.indexes(r.pods.stream().filter(JobPod::terminating).toList()));
        }
        List<Integer> first = (r.failedIndexes == null ? taken : taken.with(r.failedIndexes)).missing(count, JobSpec.indexes(r.job));
        if (!JobSpec.limitPerIndex(r.job)) {
            return first;
        }
        List<Integer> now = new ArrayList<>();
        for (Integer index : first) {
            Duration left = Backoff.leftOfIndex(r.delayed.get(index), clock.instant());
            if (left.isPositive()) {
                r.again(left);
            } else {
                now.add(index);
            }
        }
        return now;
    }

    /** In batches of 1, 2, 4, ...: when one of them cannot be made, the next is not tried. */
    private void create(Round r, List<Obj> wanted) throws InterruptedException {
        int done = 0;
        for (int batch = 1; done < wanted.size() && r.trouble == null; batch *= 2) {
            List<Obj> some = wanted.subList(done, Math.min(done + batch, wanted.size()));
            expectations.create(r.uid, some.size());
            for (int i = 0; i < some.size(); i++) {
                try {
                    Obj pod = cluster.create(Resources.PODS, r.job.namespace(), some.get(i));
                    r.activeCount++;
                    events.normal(r.job, "SuccessfulCreate", "Created pod: " + pod.name());
                } catch (ClusterException e) {
                    for (int j = i; j < some.size(); j++) {
                        expectations.created(r.uid);
                    }
                    if (e.reason().equals("Forbidden") && e.getMessage().contains("being terminated")) {
                        return; // the namespace goes: nothing more is wanted
                    }
                    events.warning(r.job, "FailedCreate", "Error creating: " + e.getMessage());
                    r.trouble = e;
                    break;
                }
            }
            done += some.size();
        }
    }

    /** Not counted as failed: they lose their finalizer before they go. */
    private void remove(Round r, List<Obj> going) throws InterruptedException {
        for (Obj pod : List.copyOf(going)) {
            expectations.delete(r.uid, pod.uid());
            try {
                Claims.untrack(cluster, pod);
                if (!delete(r, pod)) {
                    expectations.deleted(r.uid, pod.uid());
                }
            } catch (ClusterException e) {
                expectations.deleted(r.uid, pod.uid());
                failed(r, e);
            }
        }
    }

    /** All active pods go, because the Job has ended; they are counted. @return false when some could not be removed */
    boolean end(Round r) throws InterruptedException {
        boolean all = true;
        for (Obj pod : r.active) {
            try {
                delete(r, pod);
            } catch (ClusterException e) {
                all = false;
                failed(r, e);
            }
        }
        return all;
    }

    private boolean delete(Round r, Obj pod) throws ClusterException, InterruptedException {
        boolean there = cluster.delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, OptionalLong.empty(), pod.uid());
        if (there) {
            events.normal(r.job, "SuccessfulDelete", "Deleted pod: " + pod.name());
        }
        r.activeCount--;
        r.terminating++;
        r.ready -= JobPod.ready(pod) ? 1 : 0;
        return there;
    }

    private void failed(Round r, ClusterException e) {
        events.warning(r.job, "FailedDelete", "Error deleting: " + e.getMessage());
        r.trouble = e;
    }

    /** Removes the finalizer of each; those that lost it leave the set. @return what went wrong, or null */
    ClusterException release(String job, List<Obj> pods, Set<String> tracked) throws InterruptedException {
        ClusterException trouble = null;
        for (Obj pod : pods) {
            expectations.release(job, pod.uid());
            try {
                Claims.untrack(cluster, pod);
                tracked.remove(pod.uid());
            } catch (ClusterException e) {
                expectations.released(job, pod.uid());
                trouble = e;
            }
        }
        return trouble;
    }
}
