package io.manul.controllers.storage.binder;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.storage.Informers;
import io.manul.controllers.storage.Marks;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import java.util.Optional;

/** Binds a claim to a volume, or says why not (Kubernetes, "Persistent Volumes", "Lifecycle of a volume and claim"). */
final class ClaimReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informers informers;
    private final Writes writes;
    private final Provision provision;
    private final Events events;

    ClaimReconciler(Cluster cluster, Informers informers, Writes writes, Events events) {
        this.cluster = cluster;
        this.informers = informers;
        this.writes = writes;
        this.provision = new Provision(informers, writes, events);
        this.events = events;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = informers.claims().get(key);
        if (found.isPresent()) {
            Obj claim = typed(found.get());
            if (Storage.marked(claim, Marks.BIND_COMPLETED)) {
                bound(claim);
            } else if (claim.text("spec", "volumeName").isEmpty()) {
                any(claim);
            } else {
                named(claim);
            }
        }
        return Outcome.SETTLED;
    }

    /** Objects out of lists have no kind; events need it. */
    static Obj typed(Obj claim) {
        return claim.put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
    }

    private void any(Obj claim) throws ClusterException, InterruptedException {
        boolean delayed = informers.classes().get(new Key("", Storage.storageClass(claim)))
                .map(c -> c.text("volumeBindingMode").equals("WaitForFirstConsumer")).orElse(false);
        Optional<Obj> best = Match.best(claim, informers.volumes().list(), delayed);
        Optional<Obj> node = best.isEmpty() && delayed && !Storage.marked(claim, Marks.SELECTED_NODE) ? placed(claim) : Optional.empty();
        if (node.isPresent()) {
            best = Match.best(claim, informers.volumes().list().stream().filter(v -> Match.reaches(v, node.get())).toList(), false);
        }
        if (best.isPresent()) {
            writes.bind(best.get(), claim);
        } else if (node.isPresent()) {
            writes.claim(claim, "", Obj.of("metadata", Obj.of("annotations", Obj.of(Marks.SELECTED_NODE, node.get().name()))));
        } else {
            provision.claim(claim, delayed);
        }
    }

    /**
     * The node of a pod that uses the claim and did not pass the scheduler's volume binding: its author wrote the node.
     *
     * <p>Deviation: upstream lets such a claim wait for ever (Kubernetes, "Storage Classes", "Volume binding mode").
     */
    private Optional<Obj> placed(Obj claim) throws ClusterException, InterruptedException {
        Optional<String> name = informers.users(Key.of(claim)).stream().filter(p -> !Storage.over(p)).map(p -> p.text("spec", "nodeName"))
                .filter(n -> !n.isEmpty()).findFirst();
        return name.isEmpty() ? Optional.empty()
                : cluster.list(Resources.NODES, Selection.ALL.fields("metadata.name=" + name.get())).items().stream().findFirst();
    }

    /** The user, or the scheduler, asked for this volume. */
    private void named(Obj claim) throws ClusterException, InterruptedException {
        String name = claim.text("spec", "volumeName");
        Optional<Obj> found = informers.volumes().get(new Key("", name));
        if (found.isEmpty()) {
            writes.status(claim, "Pending", null);
            return;
        }
        Obj volume = found.get();
        if (Storage.boundTo(volume, claim)) {
            writes.bind(volume, claim);
        } else if (volume.has("spec", "claimRef")) {
            events.warning(claim, "FailedBinding", "volume \"" + name + "\" already bound to a different claim.");
            writes.status(claim, "Pending", null);
        } else {
            Optional<String> why = Match.mismatch(volume, claim);
            if (why.isPresent()) {
                events.warning(claim, "VolumeMismatch", "Cannot bind to requested volume \"" + name + "\": " + why.get());
                writes.status(claim, "Pending", null);
            } else {
                writes.bind(volume, claim);
            }
        }
    }

    private void bound(Obj claim) throws ClusterException, InterruptedException {
        String name = claim.text("spec", "volumeName");
        if (name.isEmpty()) {
            lost(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
            return;
        }
        Optional<Obj> found = informers.volumes().get(new Key("", name));
        if (found.isEmpty()) {
            found = cluster.get(Resources.PERSISTENT_VOLUMES, "", name); // our cache may be behind: Lost is not taken back
        }
        if (found.isEmpty()) {
            lost(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        } else if (!found.get().has("spec", "claimRef") || found.get().text("spec", "claimRef", "uid").equals(claim.uid())) {
            writes.bind(found.get(), claim);
        } else if (current(name).text("spec", "claimRef", "uid").equals(claim.uid())) {
            throw new ClusterException(409, "Conflict", "the cache of volumes is behind", null);
        } else {
            lost(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
        }
    }

    private Obj current(String volume) throws ClusterException, InterruptedException {
        return cluster.get(Resources.PERSISTENT_VOLUMES, "", volume).orElseGet(Obj::of);
    }

    private void lost(Obj claim, String reason, String message) throws ClusterException, InterruptedException {
        if (writes.status(claim, "Lost", null)) {
            events.warning(claim, reason, message);
        }
    }
}
