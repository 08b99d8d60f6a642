package io.manul.controllers.sets.statefulset;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes, mends and removes the pods of StatefulSets, and their claims; tells of it in Events. */
final class StatefulPods {

    private interface Act {
        void run() throws ClusterException, InterruptedException;
    }

    private final Cluster cluster;
    private final Informer claims;
    private final Events events;

    /** @param claims with metadata only */
    StatefulPods(Cluster cluster, Informer claims, Events events) {
        this.cluster = cluster;
        this.claims = claims;
        this.events = events;
    }

    /** First the claims, then the pod. @return the pod as it is in the cluster */
    Obj create(Obj set, Obj pod) throws ClusterException, InterruptedException {
        Obj[] made = new Obj[1];
        tell("Create", set, pod, () -> {
            claim(set, pod);
            made[0] = cluster.create(Resources.PODS, set.namespace(), pod);
            retain(set, made[0]);
        });
        return made[0];
    }

    void delete(Obj set, Obj pod) throws ClusterException, InterruptedException {
        tell("Delete", set, pod,
                () -> cluster.delete(Resources.PODS, set.namespace(), pod.name(), Propagation.DEFAULT, OptionalLong.empty(), pod.uid()));
    }

    /** A pending pod waits for claims that are missing. */
    void supply(Obj set, Obj pod) throws ClusterException, InterruptedException {
        claim(set, pod);
        if (!retained(set, pod)) {
            retain(set, pod);
        }
    }

    /** Its labels, its volumes and the owners of its claims are as they should be. */
    boolean inOrder(Obj set, Obj pod) {
        return Identity.matches(set, pod) && Claims.mounted(set, pod) && retained(set, pod);
    }

    /** An adopted pod gets what is missing; the API refuses what a pod cannot change. */
    void mend(Obj set, Obj pod) throws ClusterException, InterruptedException {
        if (!retained(set, pod)) {
            retain(set, pod);
        }
        if (Identity.matches(set, pod) && Claims.mounted(set, pod)) {
            return;
        }
        tell("Update", set, pod, () -> {
            Obj change = Obj.of("metadata", Obj.of("uid", pod.uid(), "labels", Identity.labels(pod)));
            if (!Claims.mounted(set, pod)) {
                claim(set, pod);
                Obj mounted = pod.copy();
                Claims.mount(set, mounted);
                change.put("spec", Obj.of("volumes", mounted.get("spec", "volumes")));
            }
            cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "", Patch.MERGE, change);
        });
    }

    private void tell(String verb, Obj set, Obj pod, Act act) throws ClusterException, InterruptedException {
        String what = verb + " Pod " + pod.name() + " in StatefulSet " + set.name();
        try {
            act.run();
            events.normal(set, "Successful" + verb, what + " successful");
        } catch (ClusterException e) {
            if (!e.alreadyExists() && !e.conflict()) {
                events.warning(set, "Failed" + verb, what + " failed error: " + e.getMessage());
            }
            throw e;
        }
    }

    private Optional<Obj> claim(Obj set, String name) {
        return claims.get(new Key(set.namespace(), name));
    }

    private void claim(Obj set, Obj pod) throws ClusterException, InterruptedException {
        for (Obj wanted : Claims.of(set, pod)) {
            Optional<Obj> there = claim(set, wanted.name());
            if (there.isPresent() && there.get().deleting()) {
                throw new ClusterException(409, "Conflict", "pvc " + wanted.name() + " is being deleted", null);
            }
            if (there.isEmpty()) {
                make(set, pod, wanted);
            }
        }
    }

    private void make(Obj set, Obj pod, Obj claim) throws ClusterException, InterruptedException {
        String where = " Pod " + pod.name() + " in StatefulSet " + set.name();
        try {
            cluster.create(Resources.PERSISTENT_VOLUME_CLAIMS, set.namespace(), claim);
            events.normal(set, "SuccessfulCreate", "Create Claim " + claim.name() + where + " success");
        } catch (ClusterException e) {
            if (e.alreadyExists()) {
                return; // the cache does not show it yet
            }
            events.warning(set, "FailedCreate", "Create Claim " + claim.name() + " for" + where + " failed error: " + e.getMessage());
            throw new ClusterException(e.code(), e.reason(), "failed to create PVC " + claim.name() + ": " + e.getMessage(), null);
        }
    }

    /** A claim that goes with a pod before this one: nothing can be made until it is gone. */
    boolean stale(Obj set, Obj pod) {
        return set.text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled").equals("Delete")
                && Claims.names(set, pod).stream().anyMatch(n -> claim(set, n).filter(c -> Retention.stale(c, pod, Resources.PODS)).isPresent());
    }

    boolean retained(Obj set, Obj pod) {
        return Claims.names(set, pod).stream().allMatch(n -> claim(set, n).map(c -> Retention.settled(c, set, pod)).orElse(true));
    }

    /** The owners of the pod's claims, by the retention policy. */
    void retain(Obj set, Obj pod) throws ClusterException, InterruptedException {
        for (String name : Claims.names(set, pod)) {
            Optional<Obj> found = claim(set, name);
            if (found.isEmpty() || Retention.settled(found.get(), set, pod)) {
                continue;
            }
            Obj claim = found.get();
            if (Retention.foreign(claim, set, pod)) {
                events.warning(set, "ConflictingController", "PersistentVolumeClaim " + name + " has a conflicting OwnerReference that acts as a"
                        + " manging controller, the retention policy is ignored for this claim");
            }
            cluster.patch(Resources.PERSISTENT_VOLUME_CLAIMS, claim.namespace(), name, "", Patch.MERGE, Obj.of("metadata", Obj.of("uid", claim.uid(),
                    "resourceVersion", claim.resourceVersion(), "ownerReferences", Retention.wanted(claim, set, pod))));
        }
    }
}
