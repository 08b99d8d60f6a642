package io.manul.controllers.storage.protection;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.storage.Informers;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import java.util.List;

/**
 * Pods that are bound to a node use their claims, also those that are over. Before a claim goes the API itself is asked: the cache may not
 * know a new pod yet. A pod that is not bound does not count: it can wait for another claim.
 */
final class ClaimUse implements Finalizers.Use {

    private final Cluster cluster;
    private final Informers informers;

    ClaimUse(Cluster cluster, Informers informers) {
        this.cluster = cluster;
        this.informers = informers;
    }

    @Override
    public boolean used(Obj claim) throws ClusterException, InterruptedException {
        return uses(informers.users(Key.of(claim)), claim)
                || uses(cluster.list(Resources.PODS, Selection.in(claim.namespace())).items(), claim);
    }

    private static boolean uses(List<Obj> pods, Obj claim) {
        return pods.stream().anyMatch(p -> !p.text("spec", "nodeName").isEmpty() && uses(p, claim));
    }

    /** The kubelet is done with it: a finalizer of the pod must not wait for the claim that waits for the pod. */
    private static boolean shutDown(Obj pod) {
        return pod.deleting() && pod.number("metadata", "deletionGracePeriodSeconds").orElse(1) == 0;
    }

    private static boolean uses(Obj pod, Obj claim) {
        return pod.objects("spec", "volumes").stream().anyMatch(v -> v.text("persistentVolumeClaim", "claimName").equals(claim.name())
                || v.has("ephemeral") && !shutDown(pod) && Storage.ephemeralName(pod, v).equals(claim.name()) && Storage.madeFor(pod, claim));
    }
}
