package io.manul.controllers.storage.binder;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Informer.Kind;
import io.manul.client.Key;
import io.manul.controllers.storage.Informers;
import io.manul.controllers.storage.Marks;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import java.util.List;

/** The binder: claims and volumes, each with a queue of its own, wired to what concerns them. One worker each: they meet. */
public final class Binder {

    private final Informers informers;
    private Controller claims;
    private Controller volumes;

    private Binder(Informers informers) {
        this.informers = informers;
    }

    /** Not started. */
    public static List<Controller> controllers(Cluster cluster, Informers informers, Events events) {
        Binder b = new Binder(informers);
        Writes writes = new Writes(cluster);
        List<Informer> all = List.of(informers.claims(), informers.volumes(), informers.classes(), informers.pods());
        b.claims = new Controller("persistentvolume-claim", new ClaimReconciler(cluster, informers, writes, events), all);
        b.volumes = new Controller("persistentvolume-volume", new VolumeReconciler(cluster, informers, writes, events, b.claims.queue()::add), all);
        informers.claims().listen(b::claim);
        informers.volumes().listen(b::volume);
        informers.classes().listen(b::storageClass);
        informers.pods().listen(b::pod);
        return List.of(b.claims, b.volumes);
    }

    private void claim(Informer.Change change) {
        Obj claim = change.object();
        Key key = Key.of(claim);
        claims.queue().add(key);
        String named = claim.text("spec", "volumeName");
        if (!named.isEmpty()) {
            volumes.queue().add(new Key("", named));
        }
        informers.volumes().byIndex(Informers.CLAIM, key.toString()).forEach(v -> volumes.queue().add(Key.of(v)));
    }

    private void volume(Informer.Change change) {
        Obj volume = change.object();
        volumes.queue().add(Key.of(volume));
        if (volume.has("spec", "claimRef")) {
            claims.queue().add(Storage.claimOf(volume));
        }
        informers.claims().byIndex(Informers.VOLUME, volume.name()).forEach(c -> claims.queue().add(Key.of(c)));
        boolean free = !volume.has("spec", "claimRef") && volume.text("status", "phase").equals("Available");
        if (free && change.kind() != Kind.DELETED) {
            unbound(Storage.storageClass(volume));
        }
    }

    private void storageClass(Informer.Change change) {
        unbound(change.object().name());
        unbound("");
    }

    private void unbound(String storageClass) {
        informers.claims().byIndex(Informers.UNBOUND, storageClass).forEach(c -> claims.queue().add(Key.of(c)));
    }

    /** What a claim waits for is told anew when a pod wants it. */
    private void pod(Informer.Change change) {
        boolean placed = change.previous() != null && change.previous().text("spec", "nodeName").isEmpty()
                && !change.object().text("spec", "nodeName").isEmpty();
        if (change.kind() == Kind.ADDED || placed) {
            for (String claim : Storage.claims(change.object())) {
                Key key = new Key(change.object().namespace(), claim.substring(claim.indexOf('/') + 1));
                informers.claims().get(key).filter(c -> !Storage.marked(c, Marks.BIND_COMPLETED)).ifPresent(c -> claims.queue().add(key));
            }
        }
    }
}
