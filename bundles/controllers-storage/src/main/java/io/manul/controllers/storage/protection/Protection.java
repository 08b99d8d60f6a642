package io.manul.controllers.storage.protection;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Informer.Kind;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.controllers.storage.Informers;
import io.manul.controllers.storage.Marks;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import java.util.List;

/** The controllers of the finalizers, wired. */
public final class Protection {

    private Protection() {
    }

    /** A claim stays while a pod uses it. Not started. */
    public static Controller claims(Cluster cluster, Informers informers) {
        Finalizers finalizers = new Finalizers(cluster, Resources.PERSISTENT_VOLUME_CLAIMS, Marks.CLAIM_PROTECTION, informers.claims(),
                new ClaimUse(cluster, informers));
        Controller c = new Controller("pvc-protection", finalizers, List.of(informers.claims(), informers.pods()));
        informers.claims().listen(change -> offer(c, change, Marks.CLAIM_PROTECTION));
        informers.pods().listen(change -> pod(c, change));
        return c;
    }

    /** A volume stays while it is bound. Not started. */
    public static Controller volumes(Cluster cluster, Informers informers) {
        Finalizers finalizers = new Finalizers(cluster, Resources.PERSISTENT_VOLUMES, Marks.VOLUME_PROTECTION, informers.volumes(),
                v -> v.text("status", "phase").equals("Bound"));
        Controller c = new Controller("pv-protection", finalizers, List.of(informers.volumes()));
        informers.volumes().listen(change -> offer(c, change, Marks.VOLUME_PROTECTION));
        return c;
    }

    private static void offer(Controller controller, Informer.Change change, String finalizer) {
        Obj object = change.object();
        if (change.kind() != Kind.DELETED && object.deleting() == object.strings("metadata", "finalizers").contains(finalizer)) {
            controller.queue().add(Key.of(object));
        }
    }

    /** A pod that is gone, or over, frees its claims. */
    private static void pod(Controller controller, Informer.Change change) {
        Obj pod = change.object();
        if (change.kind() == Kind.DELETED || Storage.over(pod)) {
            for (String claim : Storage.claims(pod)) {
                controller.queue().add(new Key(pod.namespace(), claim.substring(claim.indexOf('/') + 1)));
            }
        }
    }
}
