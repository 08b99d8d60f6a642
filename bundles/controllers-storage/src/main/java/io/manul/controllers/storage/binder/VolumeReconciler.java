package io.manul.controllers.storage.binder;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.controllers.storage.Informers;
import io.manul.controllers.storage.Marks;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps a volume's phase, and releases it when its claim is gone (Kubernetes, "Persistent Volumes", "Phase", "Reclaiming"). */
final class VolumeReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informers informers;
    private final Writes writes;
    private final Reclaim reclaim;
    private final Events events;
    private final Consumer<Key> claims;

    /** @param claims looks at that claim soon */
    VolumeReconciler(Cluster cluster, Informers informers, Writes writes, Events events, Consumer<Key> claims) {
        this.cluster = cluster;
        this.informers = informers;
        this.writes = writes;
        this.reclaim = new Reclaim(writes, events);
        this.events = events;
        this.claims = claims;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = informers.volumes().get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj volume = found.get().put("kind", "PersistentVolume").put("apiVersion", "v1");
        if (volume.text("spec", "claimRef", "uid").isEmpty()) {
            writes.phase(volume, "Available", ""); // free, or reserved for a claim that comes
            return Outcome.SETTLED;
        }
        Optional<Obj> claim = claim(volume);
        if (claim.isEmpty()) {
            release(volume);
        } else {
            claimed(volume, claim.get());
        }
        return Outcome.SETTLED;
    }

    /** The very claim that the volume names; asked of the API before it is taken for gone. */
    private Optional<Obj> claim(Obj volume) throws ClusterException, InterruptedException {
        Key key = Storage.claimOf(volume);
        String uid = volume.text("spec", "claimRef", "uid");
        Optional<Obj> cached = informers.claims().get(key).filter(c -> c.uid().equals(uid));
        return cached.isPresent() ? cached
                : cluster.get(Resources.PERSISTENT_VOLUME_CLAIMS, key.namespace(), key.name()).filter(c -> c.uid().equals(uid));
    }

    private void claimed(Obj volume, Obj claim) throws ClusterException, InterruptedException {
        String name = claim.text("spec", "volumeName");
        if (name.equals(volume.name())) {
            writes.phase(volume, "Bound", "");
        } else if (name.isEmpty()) {
            unfinished(volume, ClaimReconciler.typed(claim));
        } else if (Storage.marked(volume, Marks.PROVISIONED_BY) && volume.text("spec", "persistentVolumeReclaimPolicy").equals("Delete")) {
            release(volume); // made for this claim, which found another one
        } else {
            writes.unbind(volume);
        }
    }

    private void unfinished(Obj volume, Obj claim) {
        if (Storage.volumeMode(volume).equals(Storage.volumeMode(claim))) {
            claims.accept(Key.of(claim));
            return;
        }
        events.warning(volume, "VolumeMismatch", "Cannot bind PersistentVolume to requested PersistentVolumeClaim \"" + claim.name()
                + "\" due to incompatible volumeMode.");
        events.warning(claim, "VolumeMismatch", "Cannot bind PersistentVolume \"" + volume.name()
                + "\" to requested PersistentVolumeClaim due to incompatible volumeMode.");
    }

    private void release(Obj volume) throws ClusterException, InterruptedException {
        boolean failed = volume.text("status", "phase").equals("Failed"); // what went wrong stays to be seen
        Obj released = failed ? volume : writes.phase(volume, "Released", "").put("kind", "PersistentVolume").put("apiVersion", "v1");
        reclaim.reclaim(released);
    }
}
