package io.manul.controllers.workload;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** Controller references (API reference, OwnerReference). */
public final class Owners {

    private Owners() {
    }

    public static Obj reference(Obj owner, String apiVersion, String kind) {
        return Obj.of("apiVersion", apiVersion, "kind", kind, "name", owner.name(), "uid", owner.uid(), "controller", true, "blockOwnerDeletion", true);
    }

    public static Optional<Obj> controller(Obj object) {
        return object.objects("metadata", "ownerReferences").stream().filter(o -> o.flag("controller")).findFirst();
    }

    public static boolean ownedBy(Obj object, Obj owner) {
        return controller(object).map(o -> o.text("uid").equals(owner.uid())).orElse(false);
    }

    /** A patch that makes the object the owner's, guarded by its uid. */
    public static Obj adoption(Obj object, Obj reference) {
        return Obj.of("metadata", Obj.of("uid", object.uid(), "ownerReferences", List.of(reference)));
    }

    /** A strategic patch that takes one owner away. */
    public static Obj release(Obj object, Obj owner) {
        return Obj.of("metadata", Obj.of("uid", object.uid(), "ownerReferences", List.of(Obj.of("$patch", "delete", "uid", owner.uid()))));
    }
}
