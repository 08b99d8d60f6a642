package io.manul.controllers.storage;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.List;

/** The caches that the controllers of this bundle look into: one copy of each. Of pods only what tells which volumes they use. */
public record Informers(Informer claims, Informer volumes, Informer classes, Informer pods) {

    /** Claims by the volume they name. */
    public static final String VOLUME = "volume";
    /** Claims not bound, by class; "" without one. */
    public static final String UNBOUND = "unbound";
    /** Volumes, and pods, by "namespace/name" of the claim. */
    public static final String CLAIM = "claim";

    static Informers of(Cluster cluster) {
        return new Informers(
                cluster.informer(Resources.PERSISTENT_VOLUME_CLAIMS, Selection.ALL)
                        .index(VOLUME, c -> List.of(c.text("spec", "volumeName")))
                        .index(UNBOUND, c -> Storage.marked(c, Marks.BIND_COMPLETED) ? List.of() : List.of(Storage.storageClass(c))),
                cluster.informer(Resources.PERSISTENT_VOLUMES, Selection.ALL).index(CLAIM, v -> List.of(Storage.claimOf(v).toString())),
                cluster.informer(Resources.STORAGE_CLASSES, Selection.ALL),
                cluster.informer(Resources.PODS, Selection.ALL).index(CLAIM, Storage::claims).keep(Informers::pod));
    }

    private static Obj pod(Obj pod) {
        Obj metadata = pod.at("metadata");
        List<Obj> volumes = pod.objects("spec", "volumes").stream().filter(v -> v.has("persistentVolumeClaim") || v.has("ephemeral")).toList();
        Obj kept = Obj.of("metadata", Obj.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid(), "resourceVersion",
                pod.resourceVersion(), "deletionTimestamp", metadata.get("deletionTimestamp"), "deletionGracePeriodSeconds",
                metadata.get("deletionGracePeriodSeconds")),
                "spec", Obj.of("nodeName", pod.get("spec", "nodeName")), "status", Obj.of("phase", pod.get("status", "phase")));
        if (!volumes.isEmpty()) {
            kept.make("spec").put("volumes", volumes);
        }
        return kept;
    }

    /** Pods, over or not, that use the claim. */
    public List<Obj> users(Key claim) {
        return pods.byIndex(CLAIM, claim.toString());
    }
}
