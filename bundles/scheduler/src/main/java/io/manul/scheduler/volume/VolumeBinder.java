package io.manul.scheduler.volume;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Key;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes a decision about volumes true: promises, then writes, then waits until every claim is bound. Blocks. */
public final class VolumeBinder {

    private final Cluster cluster;
    private final Storage storage;
    private final Duration limit;

    /** @param limit how long a claim may take to be bound (VolumeBindingArgs.bindTimeoutSeconds, 10 min) */
    public VolumeBinder(Cluster cluster, Storage storage, Duration limit) {
        this.cluster = cluster;
        this.storage = storage;
        this.limit = limit;
    }

    /** From here on no other pod is promised these volumes. */
    public void promise(VolumeBinding.Decision d, String namespace) {
        d.fixed().forEach((claim, volume) -> storage.promise(volume.name(), new Key(namespace, claim)));
    }

    public void forget(VolumeBinding.Decision d) {
        d.fixed().values().forEach(v -> storage.forget(v.name()));
    }

    public void bind(VolumeBinding.Decision d, String namespace) throws ClusterException, InterruptedException, BindFailure {
        for (Map.Entry<String, Obj> e : d.fixed().entrySet()) {
            give(e.getValue(), new Key(namespace, e.getKey()));
        }
        for (Obj claim : d.provision()) {
            if (Claims.selectedNode(claim).isEmpty()) {
                cluster.patch(Resources.PERSISTENT_VOLUME_CLAIMS, namespace, claim.name(), "", Patch.MERGE, Obj.of("metadata",
                        Obj.of("uid", claim.uid(), "annotations", Obj.of(Claims.SELECTED_NODE, d.node()))));
            }
        }
        boolean done = storage.await(limit, () -> {
            for (String claim : d.fixed().keySet()) {
                if (!bound(new Key(namespace, claim), "")) {
                    return false;
                }
            }
            for (Obj claim : d.provision()) {
                if (!bound(Key.of(claim), d.node())) {
                    return false;
                }
            }
            return true;
        });
        if (!done) {
            throw new BindFailure("context deadline exceeded");
        }
    }

    private void give(Obj volume, Key claim) throws ClusterException, InterruptedException, BindFailure {
        Obj now = storage.claim(claim).orElseThrow(() -> new BindFailure("error getting PVC \"" + claim + "\": not found"));
        if (Claims.refersTo(volume, now) && !volume.text("spec", "claimRef", "uid").isEmpty()) {
            return;
        }
        Obj ref = Obj.of("apiVersion", "v1", "kind", "PersistentVolumeClaim", "namespace", claim.namespace(), "name", claim.name(), "uid", now.uid(),
                "resourceVersion", now.resourceVersion());
        Obj metadata = Obj.of("uid", volume.uid(), "resourceVersion", volume.resourceVersion());
        if (!volume.has("spec", "claimRef")) {
            metadata.put("annotations", Obj.of("pv.kubernetes.io/bound-by-controller", "yes"));
        }
        cluster.patch(Resources.PERSISTENT_VOLUMES, "", volume.name(), "", Patch.MERGE, Obj.of("metadata", metadata, "spec", Obj.of("claimRef", ref)));
    }

    /** @param node where it was asked for; empty for a volume that was there */
    private boolean bound(Key key, String node) throws BindFailure {
        Optional<Obj> claim = storage.claim(key);
        if (claim.isEmpty()) {
            throw new BindFailure("PVC \"" + key + "\" does not exist any more");
        }
        if (Claims.bound(claim.get())) {
            return true;
        }
        // the provisioner gave up on this node; what was written a moment ago may not be seen yet
        if (!node.isEmpty() && !Claims.selectedNode(claim.get()).isEmpty() && !Claims.selectedNode(claim.get()).equals(node)) {
            throw new BindFailure("provisioning failed for PVC \"" + key.name() + "\"");
        }
        return false;
    }
}
