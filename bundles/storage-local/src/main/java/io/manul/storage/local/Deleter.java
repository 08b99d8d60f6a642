package io.manul.storage.local;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes the folder of a released volume whose policy is Delete, then the volume. While its node is away the volume stays, with
 * the reason as an event, and is tried again.
 */
final class Deleter implements Reconciler {

    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final Informer volumes;
    private final Folders folders;
    private final Events events;

    Deleter(Cluster cluster, Informer volumes, Folders folders, Events events) {
        this.cluster = cluster;
        this.volumes = volumes;
        this.folders = folders;
        this.events = events;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = volumes.get(key).filter(v -> StorageLocal.PROVISIONER.equals(v.annotations().get(Provisioner.MADE_BY)));
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj volume = found.get().put("kind", "PersistentVolume").put("apiVersion", "v1");
        boolean delete = volume.text("spec", "persistentVolumeReclaimPolicy").equals("Delete");
        String phase = volume.text("status", "phase");
        if (!delete) {
            if (held(volume)) {
                release(volume); // the policy was changed: the folder is the user's
            }
            return Outcome.SETTLED;
        }
        return phase.equals("Released") || phase.equals("Failed") || volume.deleting() && !phase.equals("Bound") ? delete(volume) : Outcome.SETTLED;
    }

    private Outcome delete(Obj volume) throws ClusterException, InterruptedException {
        String path = volume.string("spec", "local", "path").orElseGet(() -> volume.text("spec", "hostPath", "path"));
        String node = node(volume);
        try {
            folders.remove(node, volume.name(), path);
        } catch (ClusterException e) {
            events.warning(volume, "VolumeFailedDelete", "folder " + path + " on node " + node + " is not removed: " + e.getMessage());
            return new Outcome.Again(AGAIN, e.getMessage());
        }
        if (held(volume)) {
            release(volume);
        }
        cluster.delete(Resources.PERSISTENT_VOLUMES, "", volume.name());
        return Outcome.SETTLED;
    }

    /** Volumes of k3s before 1.31 have no annotation: their affinity names the node. */
    private static String node(Obj volume) {
        String named = volume.annotations().getOrDefault(Provisioner.NODE, "");
        return !named.isEmpty() ? named : volume.objects("spec", "nodeAffinity", "required", "nodeSelectorTerms").stream()
                .flatMap(t -> t.objects("matchExpressions").stream()).flatMap(e -> e.strings("values").stream()).findFirst().orElse("");
    }

    private static boolean held(Obj volume) {
        return volume.strings("metadata", "finalizers").contains(Provisioner.FINALIZER);
    }

    private void release(Obj volume) throws ClusterException, InterruptedException {
        List<String> left = new ArrayList<>(volume.strings("metadata", "finalizers"));
        left.remove(Provisioner.FINALIZER);
        cluster.patch(Resources.PERSISTENT_VOLUMES, "", volume.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("uid", volume.uid(),
                "resourceVersion", volume.resourceVersion(), "finalizers", left)));
    }
}
