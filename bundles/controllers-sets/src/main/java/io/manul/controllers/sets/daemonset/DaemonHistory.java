package io.manul.controllers.sets.daemonset;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.sets.history.History;
import io.manul.controllers.sets.history.Templates;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The revisions of a DaemonSet: the one of its template, made where it is missing, and the old ones. */
final class DaemonHistory {

    /** @param old the oldest first */
    record Revisions(Obj current, List<Obj> old) {
    }

    private final Cluster cluster;
    private final History history;

    DaemonHistory(Cluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
    }

    Revisions of(Obj set, List<Obj> pods) throws ClusterException, InterruptedException {
        Obj data = Templates.data(set);
        List<Obj> same = new ArrayList<>();
        List<Obj> old = new ArrayList<>();
        for (Obj revision : history.of(set)) {
            (Templates.same(revision, data) ? same : old).add(history.labelled(revision));
        }
        long number = History.next(old);
        if (same.isEmpty()) {
            return new Revisions(create(set, data, number), old);
        }
        Obj kept = same.removeLast();
        for (Obj duplicate : same) {
            replace(duplicate, kept, pods);
        }
        return new Revisions(History.number(kept) < number ? history.renumber(kept, number) : kept, old);
    }

    private Obj create(Obj set, Obj data, long number) throws ClusterException, InterruptedException {
        long collisions = set.number("status", "collisionCount").orElse(0);
        Optional<Obj> made = history.create(set, data, number, collisions);
        if (made.isEmpty()) {
            Obj changed = set.copy();
            changed.set(collisions + 1, "status", "collisionCount");
            cluster.update(Resources.DAEMON_SETS, set.namespace(), "status", changed);
            throw new ClusterException(409, "Conflict", "hash collision of a revision of DaemonSet " + set.namespace() + "/" + set.name(), null);
        }
        return made.get();
    }

    /** Pods of a duplicate count as the kept one's. */
    private void replace(Obj duplicate, Obj kept, List<Obj> pods) throws ClusterException, InterruptedException {
        for (Obj pod : pods) {
            if (history.hash(duplicate).equals(pod.labels().get(DaemonPod.HASH))) {
                cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "", Patch.MERGE,
                        Obj.of("metadata", Obj.of("uid", pod.uid(), "labels", Obj.of(DaemonPod.HASH, history.hash(kept)))));
            }
        }
        history.delete(duplicate);
    }

    String hash(Obj revision) {
        return history.hash(revision);
    }

    /** Keeps {@code revisionHistoryLimit} old revisions, and those that pods are of. */
    void truncate(Obj set, List<Obj> old, List<Obj> pods) throws ClusterException, InterruptedException {
        long surplus = old.size() - set.number("spec", "revisionHistoryLimit").orElse(10);
        Set<String> live = pods.stream().map(p -> p.labels().getOrDefault(DaemonPod.HASH, "")).collect(Collectors.toSet());
        for (Obj revision : old) {
            if (surplus > 0 && !live.contains(history.hash(revision))) {
                history.delete(revision);
                surplus--;
            }
        }
    }
}
