package io.manul.kubelet.volume;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.model.Selector;
import java.util.List;
import java.util.Optional;

/** From a volume of a pod to the PersistentVolume that its claim is bound to (Kubernetes, "Persistent Volumes", "Claims As Volumes"). */
final class Claims {

    private final Cluster cluster;
    private final String node;

    Claims(Cluster cluster, String node) {
        this.cluster = cluster;
        this.node = node;
    }

    /** @param readOnly of the pod's volume, or of the PersistentVolume itself */
    record Bound(Obj volume, boolean readOnly) {

        String name() {
            return volume.name();
        }

        boolean block() {
            return volume.text("spec", "volumeMode").equals("Block");
        }
    }

    Bound of(Pod pod, Obj volume) throws VolumeException, InterruptedException {
        String name = volume.text("name");
        boolean ephemeral = volume.has("ephemeral");
        String claimName = ephemeral ? pod.name() + "-" + name : volume.text("persistentVolumeClaim", "claimName");
        String what = "PVC " + pod.namespace() + "/" + claimName;
        try {
            Obj claim = cluster.get(Resources.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), claimName).orElseThrow(() -> new VolumeException(name,
                    "error processing " + what + ": failed to fetch PVC from API server: persistentvolumeclaims \"" + claimName + "\" not found"));
            if (ephemeral && claim.objects("metadata", "ownerReferences").stream().noneMatch(o -> o.text("uid").equals(pod.uid()))) {
                throw new VolumeException(name, what + " was not created for pod " + pod.namespace() + "/" + pod.name() + " (pod is not owner)");
            }
            return new Bound(volume(name, what, claim), volume.flag("persistentVolumeClaim", "readOnly"));
        } catch (ClusterException e) {
            throw new VolumeException(name, "error processing " + what + ": " + e.getMessage());
        }
    }

    private Obj volume(String name, String what, Obj claim) throws VolumeException, ClusterException, InterruptedException {
        if (claim.deleting() && !claim.text("status", "phase").equals("Bound")) {
            throw new VolumeException(name, "error processing " + what + ": PVC is being deleted");
        }
        String volumeName = claim.text("spec", "volumeName");
        if (volumeName.isEmpty() || !claim.text("status", "phase").equals("Bound")) {
            throw new VolumeException(name, "error processing " + what + ": PVC is not bound");
        }
        Obj volume = cluster.get(Resources.PERSISTENT_VOLUMES, "", volumeName).orElseThrow(() -> new VolumeException(name,
                "failed to fetch PV \"" + volumeName + "\" from API server: persistentvolumes \"" + volumeName + "\" not found"));
        if (!volume.text("spec", "claimRef", "uid").equals(claim.uid())) {
            throw new VolumeException(name, "found PV \"" + volumeName + "\" bound to another claim than " + what);
        }
        affinity(name, volume);
        return volume;
    }

    private void affinity(String name, Obj volume) throws VolumeException, ClusterException, InterruptedException {
        List<Obj> terms = volume.objects("spec", "nodeAffinity", "required", "nodeSelectorTerms");
        if (terms.isEmpty()) {
            return;
        }
        Optional<Obj> self = cluster.get(Resources.NODES, "", node);
        if (self.isPresent() && terms.stream().noneMatch(t -> Selector.termMatches(t, self.get().labels(), node))) {
            throw new VolumeException(name, "MountVolume.NodeAffinity check failed for volume \"" + volume.name()
                    + "\" : no matching NodeSelectorTerms");
        }
    }
}
