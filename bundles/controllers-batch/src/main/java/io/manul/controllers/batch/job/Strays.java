package io.manul.controllers.batch.job;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.batch.Owners;
import io.manul.json.Obj;
import java.util.Optional;

/** Pods that are tracked by no Job (it is gone, or has ended): without help their finalizer would hold them for ever. */
final class Strays implements Reconciler {

    private static final String OF_JOBS = "batch.kubernetes.io/controller-uid";

    private final Cluster cluster;
    private final Informer jobs;
    private final Informer pods;

    Strays(Cluster cluster, Informer jobs, Informer pods) {
        this.cluster = cluster;
        this.jobs = jobs;
        this.pods = pods;
    }

    /** One pod of the cache. */
    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> pod = pods.get(key);
        if (pod.isPresent() && stray(pod.get())) {
            Claims.untrack(cluster, pod.get());
        }
        return Outcome.SETTLED;
    }

    /** All there are; once, when this version begins: Jobs may have gone before. */
    void release() throws ClusterException, InterruptedException {
        for (Obj pod : cluster.list(Resources.PODS, Selection.ALL.labels(OF_JOBS)).items()) {
            if (stray(pod)) {
                Claims.untrack(cluster, pod);
            }
        }
    }

    boolean stray(Obj pod) {
        if (!JobPod.tracked(pod)) {
            return false;
        }
        Optional<Obj> owner = Owners.controller(pod);
        if (owner.isEmpty()) {
            return true;
        }
        if (!owner.get().text("kind").equals("Job") || !owner.get().text("apiVersion").equals("batch/v1")) {
            return false;
        }
        Optional<Obj> job = jobs.get(new Key(pod.namespace(), owner.get().text("name"))).filter(j -> Owners.ownedBy(pod, j));
        return job.isEmpty() || !JobSpec.foreign(job.get()) && JobSpec.finished(job.get());
    }
}
