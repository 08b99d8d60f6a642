package io.manul.controllers.storage.binder;

import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.controllers.storage.Marks;
import io.manul.json.Obj;

/**
 * What becomes of a released volume. Deleting is its provisioner's work; a volume that was made by hand has none here.
 *
 * <p>Deviation: Recycle, which Kubernetes calls deprecated, is refused; and hostPath volumes made by hand are not deleted, also
 * not below /tmp: which machine would it be?
 */
final class Reclaim {

    private final Writes writes;
    private final Events events;

    Reclaim(Writes writes, Events events) {
        this.writes = writes;
        this.events = events;
    }

    void reclaim(Obj volume) throws ClusterException, InterruptedException {
        switch (volume.text("spec", "persistentVolumeReclaimPolicy")) {
            case "Retain" -> { }
            case "Delete" -> delete(volume);
            case "Recycle" -> failed(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume! Use the policy Retain or Delete.");
            default -> failed(volume, "VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy");
        }
    }

    private void delete(Obj volume) throws ClusterException, InterruptedException {
        String provisioner = volume.annotations().getOrDefault(Marks.PROVISIONED_BY, "");
        boolean external = !provisioner.isEmpty() && !provisioner.startsWith("kubernetes.io/") || volume.has("spec", "csi");
        if (!external) {
            failed(volume, "VolumeFailedDelete", "error getting deleter volume plugin for volume \"" + volume.name()
                    + "\": no deletable volume plugin matched");
        }
    }

    private void failed(Obj volume, String reason, String message) throws ClusterException, InterruptedException {
        if (!volume.text("status", "phase").equals("Failed")) {
            writes.phase(volume, "Failed", message);
            events.warning(volume, reason, message);
        }
    }
}
