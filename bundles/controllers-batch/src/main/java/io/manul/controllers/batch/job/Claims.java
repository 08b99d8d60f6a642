package io.manul.controllers.batch.job;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.batch.Owners;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pods of a Job: matching orphans are adopted (and tracked from then on), what matches no more is let go. The cache of pods
 * is not opened before there is a Job that runs.
 */
final class Claims {

    private final Cluster cluster;
    private final Informer pods;

    Claims(Cluster cluster, Informer pods) {
        this.cluster = cluster;
        this.pods = pods;
    }

    /** Opens the cache of pods, and waits until it is filled. */
    void open() throws ClusterException, InterruptedException {
        if (!pods.synced() && !pods.start().awaitSynced(Duration.ofMinutes(1))) {
            throw new ClusterException(0, "Timeout", "no list of pods within 1 min", null);
        }
    }

    List<Obj> of(Obj job) throws ClusterException, InterruptedException {
        Selector selector = Selector.of(job.at("spec", "selector"));
        List<Obj> mine = new ArrayList<>();
        for (Obj pod : pods.byIndex(Owners.INDEX, job.uid())) {
            if (job.deleting() || selector.matches(pod.labels())) {
                mine.add(pod);
            } else {
                release(pod, job);
            }
        }
        List<Obj> orphans = job.deleting() ? List.of() : pods.byIndex(Owners.INDEX, Owners.orphans(job.namespace())).stream()
                .filter(p -> !p.deleting() && selector.matches(p.labels())).toList();
        if (!orphans.isEmpty() && alive(job)) {
            for (Obj orphan : orphans) {
                adopt(orphan, job).ifPresent(mine::add);
            }
        }
        return mine;
    }

    /** Asked of the API itself: the cache may show a Job that is being deleted already. */
    private boolean alive(Obj job) throws ClusterException, InterruptedException {
        return cluster.get(Resources.JOBS, job.namespace(), job.name()).map(j -> j.uid().equals(job.uid()) && !j.deleting()).orElse(false);
    }

    private Optional<Obj> adopt(Obj orphan, Obj job) throws ClusterException, InterruptedException {
        Obj patch = Obj.of("metadata", Obj.of("uid", orphan.uid(), "ownerReferences", List.of(Owners.reference(job, Resources.JOBS)),
                "finalizers", List.of(JobPod.FINALIZER)));
        try {
            return Optional.of(cluster.patch(Resources.PODS, orphan.namespace(), orphan.name(), "", Patch.STRATEGIC, patch));
        } catch (ClusterException e) {
            if (Owners.gone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void release(Obj pod, Obj job) throws ClusterException, InterruptedException {
        Obj patch = Obj.of("metadata", Obj.of("uid", pod.uid(), "ownerReferences", List.of(Obj.of("$patch", "delete", "uid", job.uid())),
                "$deleteFromPrimitiveList/finalizers", List.of(JobPod.FINALIZER)));
        try {
            cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "", Patch.STRATEGIC, patch);
        } catch (ClusterException e) {
            if (!Owners.gone(e)) {
                throw e;
            }
        }
    }

    /** Removes the tracking finalizer; a pod that is gone has none. */
    static void untrack(Cluster cluster, Obj pod) throws ClusterException, InterruptedException {
        Obj patch = Obj.of("metadata", Obj.of("uid", pod.uid(), "$deleteFromPrimitiveList/finalizers", List.of(JobPod.FINALIZER)));
        try {
            cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "", Patch.STRATEGIC, patch);
        } catch (ClusterException e) {
            if (!Owners.gone(e)) {
                throw e;
            }
        }
    }
}
