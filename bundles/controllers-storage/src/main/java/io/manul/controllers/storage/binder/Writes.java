package io.manul.controllers.storage.binder;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.storage.Marks;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import io.manul.model.Quantity;

/**
 * What the binder writes; each is guarded by the version that was read, so of two who choose one volume the second is refused and
 * chooses again. Nothing is written that is so already.
 */
final class Writes {

    private final Cluster cluster;

    Writes(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Both sides, the volume first: whoever comes after a half one finishes it. */
    void bind(Obj volume, Obj claim) throws ClusterException, InterruptedException {
        Obj v = phase(toClaim(volume, claim), "Bound", "");
        status(toVolume(claim, v), "Bound", v);
    }

    private Obj toClaim(Obj volume, Obj claim) throws ClusterException, InterruptedException {
        boolean ours = !Storage.boundTo(volume, claim) && !Storage.marked(volume, Marks.BOUND_BY_CONTROLLER);
        boolean named = Storage.boundTo(volume, claim) && volume.text("spec", "claimRef", "uid").equals(claim.uid());
        if (named && !ours) {
            return volume;
        }
        Obj patch = Obj.of();
        if (ours) {
            patch.set("yes", "metadata", "annotations", Marks.BOUND_BY_CONTROLLER);
        }
        patch.set(Obj.of("apiVersion", "v1", "kind", "PersistentVolumeClaim", "namespace", claim.namespace(), "name", claim.name(), "uid",
                claim.uid(), "resourceVersion", claim.resourceVersion()).map(), "spec", "claimRef");
        return volume(volume, "", patch);
    }

    private Obj toVolume(Obj claim, Obj volume) throws ClusterException, InterruptedException {
        Obj patch = Obj.of();
        if (!claim.text("spec", "volumeName").equals(volume.name())) {
            patch.set(volume.name(), "spec", "volumeName");
            if (!Storage.marked(claim, Marks.BOUND_BY_CONTROLLER)) {
                patch.set("yes", "metadata", "annotations", Marks.BOUND_BY_CONTROLLER);
            }
        }
        if (!Storage.marked(claim, Marks.BIND_COMPLETED)) {
            patch.set("yes", "metadata", "annotations", Marks.BIND_COMPLETED);
        }
        return patch.isEmpty() ? claim : claim(claim, "", patch);
    }

    /** The user's pre-binding stays, without the uid; ours goes. */
    void unbind(Obj volume) throws ClusterException, InterruptedException {
        Obj patch = Obj.of();
        if (Storage.marked(volume, Marks.BOUND_BY_CONTROLLER)) {
            drop(patch.make("metadata", "annotations"), Marks.BOUND_BY_CONTROLLER);
            drop(patch.make("spec"), "claimRef");
        } else {
            drop(patch.make("spec", "claimRef"), "uid");
        }
        phase(volume(volume, "", patch), "Available", "");
    }

    /** @return the volume as it is then */
    Obj phase(Obj volume, String phase, String message) throws ClusterException, InterruptedException {
        if (volume.text("status", "phase").equals(phase)) {
            return volume;
        }
        Obj status = Obj.of("phase", phase, "message", message.isEmpty() ? null : message);
        if (message.isEmpty() && volume.has("status", "message")) {
            drop(status, "message");
        }
        return volume(volume, "status", Obj.of("status", status));
    }

    /** @param volume null: none; what it gave is taken out of the status. @return whether the phase changed */
    boolean status(Obj claim, String phase, Obj volume) throws ClusterException, InterruptedException {
        boolean change = !claim.text("status", "phase").equals(phase);
        Obj status = Obj.of();
        if (change) {
            status.put("phase", phase);
        }
        if (volume == null) {
            for (String part : new String[] {"accessModes", "capacity", "currentVolumeAttributesClassName"}) {
                if (claim.has("status", part)) {
                    drop(status, part);
                }
            }
        } else {
            given(claim, volume, change, status);
        }
        if (!status.isEmpty()) {
            claim(claim, "status", Obj.of("status", status));
        }
        return change;
    }

    /** A capacity that differs later may be meant so (an expansion under way): it is set when the claim becomes Bound, never after. */
    private static void given(Obj claim, Obj volume, boolean becomes, Obj status) {
        if (!claim.strings("status", "accessModes").equals(volume.strings("spec", "accessModes"))) {
            status.put("accessModes", volume.get("spec", "accessModes"));
        }
        if (becomes && Quantity.units(claim.get("status", "capacity", "storage")) != Quantity.units(volume.get("spec", "capacity", "storage"))) {
            status.put("capacity", volume.get("spec", "capacity"));
        }
        if (becomes && volume.has("spec", "volumeAttributesClassName")) {
            status.put("currentVolumeAttributesClassName", volume.get("spec", "volumeAttributesClassName"));
        }
    }

    Obj volume(Obj volume, String sub, Obj patch) throws ClusterException, InterruptedException {
        return cluster.patch(Resources.PERSISTENT_VOLUMES, "", volume.name(), sub, Patch.MERGE, guarded(volume, patch));
    }

    Obj claim(Obj claim, String sub, Obj patch) throws ClusterException, InterruptedException {
        return cluster.patch(Resources.PERSISTENT_VOLUME_CLAIMS, claim.namespace(), claim.name(), sub, Patch.MERGE, guarded(claim, patch));
    }

    /** Null in a merge patch takes the field away. */
    static void drop(Obj patch, String field) {
        patch.map().put(field, null);
    }

    private static Obj guarded(Obj read, Obj patch) {
        return patch.set(read.uid(), "metadata", "uid").set(read.resourceVersion(), "metadata", "resourceVersion");
    }
}
