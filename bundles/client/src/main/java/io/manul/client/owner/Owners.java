package io.manul.client.owner;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Controller references: who owns what, adoption of matching orphans, release of what matches no more (OwnerReference). */
public final class Owners {

    /** Index of an informer: the uid of the controlling owner, or {@link #orphans} of the namespace. */
    public static final String INDEX = "owner";

    private Owners() {
    }

    public static List<String> index(Obj object) {
        return List.of(controller(object).map(o -> o.text("uid")).orElseGet(() -> orphans(object.namespace())));
    }

    /** The index value of what nobody controls in a namespace. */
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

    /**
     * What an owner controls: orphans that match are adopted, what matches no more is let go. A deleted owner adopts nothing
     * and keeps what it has.
     *
     * @param among     an informer with the index {@link #INDEX}
     * @param adoptable what of the orphans may be taken
     */
    public static List<Obj> claim(Cluster cluster, Obj owner, Resource ofOwner, Informer among, Resource of, Predicate<Obj> adoptable)
            throws ClusterException, InterruptedException {
        return claim(cluster, owner, ofOwner, Selector.of(owner.at("spec", "selector")), among, of, adoptable);
    }

    /** As above. @param selector what the owner selects, where that is not a LabelSelector in its spec */
    public static List<Obj> claim(Cluster cluster, Obj owner, Resource ofOwner, Selector selector, Informer among, Resource of,
            Predicate<Obj> adoptable) throws ClusterException, InterruptedException {
        List<Obj> mine = new ArrayList<>();
        for (Obj object : among.byIndex(INDEX, owner.uid())) {
            if (owner.deleting() || selector.matches(object.labels())) {
                mine.add(object);
            } else {
                release(cluster, object, owner, of);
            }
        }
        List<Obj> orphans = owner.deleting() ? List.of() : among.byIndex(INDEX, orphans(owner.namespace())).stream()
                .filter(o -> !o.deleting() && selector.matches(o.labels()) && adoptable.test(o)).toList();
        if (!orphans.isEmpty() && alive(cluster, owner, ofOwner)) {
            for (Obj orphan : orphans) {
                adopt(cluster, orphan, owner, ofOwner, of).ifPresent(mine::add);
            }
        }
        return mine;
    }

    /** Asked of the API itself: the cache may show an owner that is being deleted already. */
    private static boolean alive(Cluster cluster, Obj owner, Resource ofOwner) throws ClusterException, InterruptedException {
        return cluster.get(ofOwner, owner.namespace(), owner.name()).map(o -> o.uid().equals(owner.uid()) && !o.deleting()).orElse(false);
    }

    private static Optional<Obj> adopt(Cluster cluster, Obj orphan, Obj owner, Resource ofOwner, Resource of)
            throws ClusterException, InterruptedException {
        Obj patch = Obj.of("metadata", Obj.of("uid", orphan.uid(), "ownerReferences", List.of(reference(owner, ofOwner))));
        try {
            return Optional.of(cluster.patch(of, orphan.namespace(), orphan.name(), "", Patch.STRATEGIC, patch));
        } catch (ClusterException e) {
            if (gone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void release(Cluster cluster, Obj object, Obj owner, Resource of) throws ClusterException, InterruptedException {
        Obj patch = Obj.of("metadata", Obj.of("uid", object.uid(), "ownerReferences", List.of(Obj.of("$patch", "delete", "uid", owner.uid()))));
        try {
            cluster.patch(of, object.namespace(), object.name(), "", Patch.STRATEGIC, patch);
        } catch (ClusterException e) {
            if (!gone(e)) {
                throw e;
            }
        }
    }

    /** Not there any more, or another object has its name now (the uid of the patch does not fit). */
    private static boolean gone(ClusterException e) {
        return e.notFound() || e.code() == 422 || e.conflict();
    }
}
