package io.manul.controllers.sets.history;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.json.Obj;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The ControllerRevisions of the objects of one kind: found, adopted, made, numbered and removed. */
public final class History {

    private static final int LONGEST_PREFIX = 223;
    private static final Comparator<Obj> OLDEST_FIRST = Comparator.comparingLong(History::number)
            .thenComparing(r -> r.text("metadata", "creationTimestamp")).thenComparing(Obj::name);

    private final Cluster cluster;
    private final Informer revisions;
    private final Resource owners;
    private final String label;

    /** @param label the revision's own label that holds its hash */
    public History(Cluster cluster, Informer revisions, Resource owners, String label) {
        this.cluster = cluster;
        this.revisions = revisions;
        this.owners = owners;
        this.label = label;
    }

    public static long number(Obj revision) {
        return revision.number("revision").orElse(0);
    }

    /** The number that a new template gets. @param sorted as {@link #of} gives them */
    public static long next(List<Obj> sorted) {
        return sorted.isEmpty() ? 1 : number(sorted.getLast()) + 1;
    }

    /** The owner's revisions, the oldest first; orphans that match are adopted. */
    public List<Obj> of(Obj owner) throws ClusterException, InterruptedException {
        return Owners.claim(cluster, owner, owners, revisions, Resources.CONTROLLER_REVISIONS, r -> true).stream().sorted(OLDEST_FIRST).toList();
    }

    /** A revision's hash, by its label. */
    public String hash(Obj revision) {
        return revision.labels().getOrDefault(label, "");
    }

    /** What {@link #create} came to: nothing when the name is taken by another template. */
    public Optional<Obj> create(Obj owner, Obj data, long number, long collisions) throws ClusterException, InterruptedException {
        String hash = Templates.hash(owners.kind(), data, collisions);
        Obj revision = revision(owner, data, number, hash);
        try {
            return Optional.of(cluster.create(Resources.CONTROLLER_REVISIONS, owner.namespace(), revision));
        } catch (ClusterException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            return taken(owner, data, revision.name(), e);
        }
    }

    private Obj revision(Obj owner, Obj data, long number, String hash) {
        String prefix = owner.name().substring(0, Math.min(LONGEST_PREFIX, owner.name().length()));
        Obj labels = owner.at("spec", "template", "metadata", "labels").copy().put(label, hash);
        return Obj.of("apiVersion", "apps/v1", "kind", "ControllerRevision", "metadata", Obj.of("name", prefix + "-" + hash,
                "namespace", owner.namespace(), "labels", labels, "annotations", owner.get("metadata", "annotations"),
                "ownerReferences", List.of(Owners.reference(owner, owners))), "data", data, "revision", number);
    }

    /** Made by an earlier pass that the cache has not seen; or it goes with an owner of that name before; or it is another template. */
    private Optional<Obj> taken(Obj owner, Obj data, String name, ClusterException e) throws ClusterException, InterruptedException {
        Optional<Obj> there = cluster.get(Resources.CONTROLLER_REVISIONS, owner.namespace(), name);
        if (there.isEmpty()) {
            throw e;
        }
        Optional<Obj> other = Owners.controller(there.get()).filter(o -> !o.text("uid").equals(owner.uid()));
        if (other.isPresent() && other.get().text("kind").equals(owners.kind()) && other.get().text("name").equals(owner.name())) {
            throw e; // the garbage collector removes it
        }
        return other.isEmpty() && Templates.same(there.get(), data) ? there : Optional.empty();
    }

    public Obj renumber(Obj revision, long number) throws ClusterException, InterruptedException {
        return number(revision) == number ? revision : patch(revision, Obj.of("metadata", Obj.of("uid", revision.uid()), "revision", number));
    }

    /** Gives a revision that lacks it the label of its hash; its name serves. */
    public Obj labelled(Obj revision) throws ClusterException, InterruptedException {
        return hash(revision).isEmpty()
                ? patch(revision, Obj.of("metadata", Obj.of("uid", revision.uid(), "labels", Obj.of(label, revision.name())))) : revision;
    }

    private Obj patch(Obj revision, Obj change) throws ClusterException, InterruptedException {
        return cluster.patch(Resources.CONTROLLER_REVISIONS, revision.namespace(), revision.name(), "", Patch.MERGE, change);
    }

    public void delete(Obj revision) throws ClusterException, InterruptedException {
        cluster.delete(Resources.CONTROLLER_REVISIONS, revision.namespace(), revision.name(), Propagation.DEFAULT, OptionalLong.empty(), revision.uid());
    }
}
