package io.manul.controllers.storage.protection;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the finalizer from an object that is deleted and not used; gives it to one that lacks it (admission gives it usually). */
final class Finalizers implements Reconciler {

    /** Whether something uses the object now. */
    interface Use {
        boolean used(Obj object) throws ClusterException, InterruptedException;
    }

    private final Cluster cluster;
    private final Resource resource;
    private final String finalizer;
    private final Informer informer;
    private final Use use;

    Finalizers(Cluster cluster, Resource resource, String finalizer, Informer informer, Use use) {
        this.cluster = cluster;
        this.resource = resource;
        this.finalizer = finalizer;
        this.informer = informer;
        this.use = use;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = informer.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj object = found.get();
        List<String> finalizers = new ArrayList<>(object.strings("metadata", "finalizers"));
        boolean has = finalizers.contains(finalizer);
        if (object.deleting() && has && !use.used(object)) {
            finalizers.remove(finalizer);
            write(object, finalizers);
        } else if (!object.deleting() && !has) {
            finalizers.add(finalizer);
            write(object, finalizers);
        }
        return Outcome.SETTLED;
    }

    private void write(Obj object, List<String> finalizers) throws ClusterException, InterruptedException {
        cluster.patch(resource, object.namespace(), object.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("uid", object.uid(),
                "resourceVersion", object.resourceVersion(), "finalizers", finalizers)));
    }
}
