package io.manul.controllers.storage.ephemeral;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Informer.Kind;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.controllers.storage.Informers;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** Makes the claim of each generic ephemeral volume, owned by its pod: the garbage collector takes it away with that. */
public final class EphemeralVolumes implements Reconciler {

    private final Cluster cluster;
    private final Informers informers;
    private final Events events;

    private EphemeralVolumes(Cluster cluster, Informers informers, Events events) {
        this.cluster = cluster;
        this.informers = informers;
        this.events = events;
    }

    /** Not started. */
    public static Controller controller(Cluster cluster, Informers informers, Events events) {
        Controller c = new Controller("ephemeral-volume", new EphemeralVolumes(cluster, informers, events),
                List.of(informers.pods(), informers.claims()));
        informers.pods().listen(change -> {
            if (change.kind() == Kind.ADDED) {
                offer(c, change.object());
            }
        });
        informers.claims().listen(change -> {
            if (change.kind() == Kind.DELETED) { // a pod may still need it
                informers.users(Key.of(change.object())).forEach(p -> offer(c, p));
            }
        });
        return c;
    }

    private static void offer(Controller controller, Obj pod) {
        if (!pod.deleting() && pod.objects("spec", "volumes").stream().anyMatch(v -> v.has("ephemeral"))) {
            controller.queue().add(Key.of(pod));
        }
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = informers.pods().get(key).filter(p -> !p.deleting());
        if (found.isPresent()) {
            Obj pod = found.get().put("kind", "Pod").put("apiVersion", "v1");
            for (Obj volume : pod.objects("spec", "volumes")) {
                if (volume.has("ephemeral")) {
                    ensure(pod, volume);
                }
            }
        }
        return Outcome.SETTLED;
    }

    private void ensure(Obj pod, Obj volume) throws ClusterException, InterruptedException {
        String name = Storage.ephemeralName(pod, volume);
        Optional<Obj> there = informers.claims().get(new Key(pod.namespace(), name));
        try {
            if (there.isEmpty()) {
                create(pod, volume, name);
            } else if (!Storage.madeFor(pod, there.get())) {
                throw new ClusterException(409, "Conflict", "PVC " + pod.namespace() + "/" + name + " was not created for pod " + pod.namespace()
                        + "/" + pod.name() + " (pod is not owner)", null);
            }
        } catch (ClusterException e) {
            if (e.reason().equals("AlreadyExists")) {
                throw new ClusterException(409, "Conflict", e.getMessage(), e.status()); // the cache is behind: look again
            }
            events.warning(pod, "FailedBinding", "ephemeral volume " + volume.text("name") + ": " + e.getMessage());
            throw e;
        }
    }

    private void create(Obj pod, Obj volume, String name) throws ClusterException, InterruptedException {
        Obj template = volume.at("ephemeral", "volumeClaimTemplate");
        Obj owner = Obj.of("apiVersion", "v1", "kind", "Pod", "name", pod.name(), "uid", pod.uid(), "controller", true, "blockOwnerDeletion", true);
        Obj metadata = Obj.of("name", name, "namespace", pod.namespace(), "ownerReferences", List.of(owner),
                "labels", template.get("metadata", "labels"), "annotations", template.get("metadata", "annotations"));
        try {
            cluster.create(Resources.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), Obj.of("apiVersion", "v1", "kind", "PersistentVolumeClaim",
                    "metadata", metadata, "spec", template.at("spec")));
        } catch (ClusterException e) {
            throw e.alreadyExists() ? e : new ClusterException(e.code(), e.reason(), "create PVC " + name + ": " + e.getMessage(), e.status());
        }
    }
}
