package io.manul.controllers.batch;

import io.manul.client.ClusterException;
import io.manul.client.Key;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** Controller references: who owns what (meta/v1 OwnerReference). Pure. */
public final class Owners {

    /** Index of an informer: the uid of the controlling owner, or {@link #orphans} of the namespace. */
    public static final String INDEX = "owner";

    private Owners() {
    }

    public static List<String> index(Obj object) {
        return List.of(controller(object).map(o -> o.text("uid")).orElseGet(() -> orphans(object.namespace())));
    }

    public static String orphans(String namespace) {
        return "no owner in " + namespace;
    }

    public static Obj reference(Obj owner, Resource of) {
        return Obj.of("apiVersion", of.apiVersion(), "kind", of.kind(), "name", owner.name(), "uid", owner.uid(), "controller", true,
                "blockOwnerDeletion", true);
    }

    public static Optional<Obj> controller(Obj object) {
        return object.objects("metadata", "ownerReferences").stream().filter(o -> o.flag("controller")).findFirst();
    }

    /** The key of the controlling owner, when that is of this kind. */
    public static Optional<Key> controllerKey(Obj object, String kind) {
        return controller(object).filter(o -> o.text("kind").equals(kind)).map(o -> new Key(object.namespace(), o.text("name")));
    }

    public static boolean ownedBy(Obj object, Obj owner) {
        return controller(object).map(o -> o.text("uid").equals(owner.uid())).orElse(false);
    }

    /** Not there any more, or another object has its name now (the uid of the patch does not fit). */
    public static boolean gone(ClusterException e) {
        return e.notFound() || e.code() == 422 || e.conflict();
    }
}
