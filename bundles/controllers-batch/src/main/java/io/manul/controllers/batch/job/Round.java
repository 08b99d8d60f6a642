package io.manul.controllers.batch.job;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One look at a Job: what was seen, and what is being made of it. Owned by one worker. */
final class Round {

    /** A copy; its status becomes the next one. */
    Obj job;
    final String uid;
    final String now;
    final List<Obj> pods;
    final List<Obj> active;
    final Set<String> released;
    final Set<String> uncountedSucceeded;
    final Set<String> uncountedFailed;
    /** The condition that the Job is to end with, once its pods are gone and counted; null while it goes on. */
    Obj finished;
    long activeCount;
    long succeeded;
    long failed;
    long ready;
    long terminating;
    Indexes succeededBefore = Indexes.NONE;
    Indexes succeededIndexes = Indexes.NONE;
    /** Null without a limit per index. */
    Indexes failedIndexes;
    /** The last failed pod of an index that is to be tried again: it keeps the count until its successor is there. */
    Map<Integer, Obj> delayed = new HashMap<>();
    Backoff.Failures failures;
    /** There are more pods to count than one write takes. */
    boolean partly;
    /** Why pods could not be made or removed; told after the status is written. */
    ClusterException trouble;
    /** When to look again; null: when something changes. */
    Duration again;

    Round(Obj job, List<Obj> pods, Set<String> released, String now) {
        this.job = job;
        this.uid = job.uid();
        this.now = now;
        this.pods = pods;
        this.released = released;
        this.active = new ArrayList<>(pods.stream().filter(JobPod::active).toList());
        this.uncountedSucceeded = new HashSet<>(job.strings("status", "uncountedTerminatedPods", "succeeded"));
        this.uncountedFailed = new HashSet<>(job.strings("status", "uncountedTerminatedPods", "failed"));
        this.activeCount = active.size();
        this.ready = active.stream().filter(JobPod::ready).count();
        this.terminating = pods.stream().filter(JobPod::terminating).count();
    }

    Obj status() {
        return job.make("status");
    }

    /** It has its finalizer still: it is not counted for good. */
    boolean tracked(Obj pod) {
        return JobPod.tracked(pod) && !released.contains(pod.uid());
    }

    /** Tracked, and of an index of the Job where it has indexes. */
    boolean valid(Obj pod) {
        return tracked(pod) && (!JobSpec.indexed(job) || JobPod.indexOf(pod, job));
    }

    List<Obj> newSucceeded() {
        return pods.stream().filter(p -> valid(p) && !uncountedSucceeded.contains(p.uid()) && JobPod.succeeded(p)).toList();
    }

    List<Obj> newFailed() {
        return pods.stream().filter(p -> valid(p) && !uncountedFailed.contains(p.uid()) && JobPod.failed(p, job)).toList();
    }

    void again(Duration wait) {
        if (again == null || wait.compareTo(again) < 0) {
            again = wait;
        }
    }
}
