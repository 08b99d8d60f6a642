package io.manul.controllers.sets.statefulset;

import io.manul.client.ClusterException;
import io.manul.controllers.sets.history.History;
import io.manul.controllers.sets.history.Templates;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The revision that pods are updated to, and the one that they come from.
 *
 * @param collisions names that were taken by another template
 */
record Versions(Obj current, Obj update, long collisions) {

    /** Finds them among the revisions of a set; makes the one of a new template, renumbers the one of an old template. */
    static Versions of(Obj set, List<Obj> revisions, History history) throws ClusterException, InterruptedException {
        long collisions = set.number("status", "collisionCount").orElse(0);
        Obj data = Templates.data(set);
        Optional<Obj> equal = revisions.reversed().stream().filter(r -> Templates.same(r, data)).findFirst();
        Optional<Obj> update = equal;
        if (equal.isPresent() && equal.get() != revisions.getLast()) {
            update = Optional.of(history.renumber(equal.get(), History.next(revisions)));
        }
        while (update.isEmpty()) {
            update = history.create(set, data, History.next(revisions), collisions);
            collisions += update.isEmpty() ? 1 : 0;
        }
        Obj target = update.get();
        Obj current = revisions.stream().filter(r -> r.name().equals(set.text("status", "currentRevision"))).findFirst().orElse(target);
        return new Versions(current, target, collisions);
    }

    Obj updated(Obj set) {
        return Templates.restored(set, update);
    }

    /** A pod below the partition is made as it was. */
    Obj pod(Obj set, int ordinal) {
        boolean below = set.text("spec", "updateStrategy", "type").equals("RollingUpdate")
                && ordinal < Identity.start(set) + set.number("spec", "updateStrategy", "rollingUpdate", "partition").orElse(0);
        Obj version = below ? current : update;
        return Identity.pod(Templates.restored(set, version), ordinal, version.name());
    }

    /** Keeps {@code revisionHistoryLimit} revisions besides those in use. */
    void truncate(Obj set, List<Obj> revisions, List<Obj> pods, History history) throws ClusterException, InterruptedException {
        long limit = set.number("spec", "revisionHistoryLimit").orElse(10);
        Set<String> live = new HashSet<>(List.of(current.name(), update.name()));
        pods.forEach(p -> live.add(Identity.revision(p)));
        List<Obj> unused = new ArrayList<>(revisions.stream().filter(r -> !live.contains(r.name())).toList());
        for (int i = 0; limit >= 0 && i < unused.size() - limit; i++) {
            history.delete(unused.get(i));
        }
    }
}
