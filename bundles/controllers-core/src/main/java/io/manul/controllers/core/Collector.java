package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Deletes what no living owner holds (Kubernetes, "Garbage Collection"): in the background, in the foreground (the owner
 * waits for the dependents that block it), or lets dependents go when the owner is deleted as an orphan. Works on one uid
 * at a time; the key's name is the uid.
 */
final class Collector implements Reconciler {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Graph graph;
    /** Resource by "apiVersion/kind", for owners that the graph does not know. */
    private final Map<String, Resource> kinds;

    Collector(Cluster cluster, Graph graph, Map<String, Resource> kinds) {
        this.cluster = cluster;
        this.graph = graph;
        this.kinds = kinds;
    }

    static Key key(String uid) {
        return new Key("", uid);
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Graph.Node> node = graph.get(key.name());
        if (node.isEmpty()) {
            return Outcome.SETTLED;
        }
        if (node.get().deleting()) {
            return finish(node.get());
        }
        return node.get().owners().isEmpty() ? Outcome.SETTLED : attempt(node.get());
    }

    /** An object being deleted with the finalizers orphan or foregroundDeletion. */
    private Outcome finish(Graph.Node node) throws ClusterException, InterruptedException {
        if (node.orphan()) {
            for (Graph.Node d : graph.dependents(node.uid())) {
                disown(d, node.uid());
            }
            removeFinalizer(node, "orphan");
        } else if (node.foreground()) {
            boolean blocked = false;
            for (Graph.Node d : graph.dependents(node.uid())) {
                if (!d.deleting()) {
                    delete(d, d.foreground() ? Propagation.FOREGROUND : Propagation.BACKGROUND);
                }
                blocked |= d.owners().stream().anyMatch(o -> o.text("uid").equals(node.uid()) && o.flag("blockOwnerDeletion"));
            }
            if (blocked) {
                return new Outcome.Again(AGAIN, "dependents are still going");
            }
            removeFinalizer(node, "foregroundDeletion");
        }
        return Outcome.SETTLED;
    }

    private Outcome attempt(Graph.Node node) throws ClusterException, InterruptedException {
        List<Obj> solid = new ArrayList<>();
        List<Obj> dangling = new ArrayList<>();
        boolean waiting = false;
        for (Obj owner : node.owners()) {
            switch (state(node, owner)) {
                case ALIVE -> solid.add(owner);
                case WAITING -> {
                    solid.add(owner);
                    waiting = true;
                }
                case GONE -> dangling.add(owner);
            }
        }
        if (dangling.isEmpty() && !waiting) {
            return Outcome.SETTLED;
        }
        if (solid.isEmpty() || waiting && solid.size() == 1) {
            delete(node, waiting && !graph.dependents(node.uid()).isEmpty() ? Propagation.FOREGROUND : Propagation.BACKGROUND);
            return Outcome.SETTLED;
        }
        for (Obj owner : dangling) {
            disown(node, owner.text("uid"));
        }
        return Outcome.SETTLED;
    }

    private enum State { ALIVE, WAITING, GONE }

    /** The graph may lag: an owner that it does not know is looked up before anything is deleted. */
    private State state(Graph.Node node, Obj owner) throws ClusterException, InterruptedException {
        Optional<Graph.Node> known = graph.get(owner.text("uid"));
        if (known.isPresent()) {
            return known.get().deleting() && known.get().foreground() ? State.WAITING : State.ALIVE;
        }
        Resource resource = kinds.get(owner.text("apiVersion") + "/" + owner.text("kind"));
        if (resource == null) {
            return State.ALIVE; // a kind that is not served: nothing is deleted for it
        }
        String namespace = resource.namespaced() ? node.key().namespace() : "";
        Optional<Obj> live = cluster.get(resource, namespace, owner.text("name"));
        return live.isPresent() && live.get().uid().equals(owner.text("uid")) ? State.ALIVE : State.GONE;
    }

    private void delete(Graph.Node node, Propagation how) throws ClusterException, InterruptedException {
        try {
            cluster.delete(node.resource(), node.key().namespace(), node.key().name(), how, OptionalLong.empty(), node.uid());
        } catch (ClusterException e) {
            if (!e.conflict()) {
                throw e; // another object has the name now: nothing to delete
            }
        }
    }

    private void disown(Graph.Node node, String owner) throws ClusterException, InterruptedException {
        Optional<Obj> live = cluster.get(node.resource(), node.key().namespace(), node.key().name());
        if (live.isPresent() && live.get().uid().equals(node.uid())) {
            List<Obj> rest = live.get().objects("metadata", "ownerReferences").stream().filter(o -> !o.text("uid").equals(owner)).toList();
            cluster.patch(node.resource(), node.key().namespace(), node.key().name(), "", Patch.MERGE, Obj.of("metadata",
                    Obj.of("uid", node.uid(), "resourceVersion", live.get().resourceVersion(), "ownerReferences", rest)));
        }
    }

    private void removeFinalizer(Graph.Node node, String finalizer) throws ClusterException, InterruptedException {
        Optional<Obj> live = cluster.get(node.resource(), node.key().namespace(), node.key().name());
        if (live.isPresent() && live.get().uid().equals(node.uid())) {
            List<String> rest = live.get().strings("metadata", "finalizers").stream().filter(f -> !f.equals(finalizer)).toList();
            cluster.patch(node.resource(), node.key().namespace(), node.key().name(), "", Patch.MERGE, Obj.of("metadata",
                    Obj.of("uid", node.uid(), "resourceVersion", live.get().resourceVersion(), "finalizers", rest)));
        }
    }
}
