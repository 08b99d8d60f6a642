package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Deletes what no living owner holds (Kubernetes, "Garbage Collection"): in the background, in the foreground (the owner
 * waits for the dependents that block it), or lets dependents go when the owner is deleted as an orphan. Works on one uid at
 * a time; the key's name is the uid. The graph may lag: before anything is deleted, the object and its owners are asked for.
 */
final class Collector implements Reconciler {

    private final Cluster cluster;
    private final Events events;
    private final Graph graph;
    /** Resource by "group/kind", for owners that the graph does not know. */
    private final Map<String, Resource> kinds;

    Collector(Cluster cluster, Events events, Graph graph, Map<String, Resource> kinds) {
        this.cluster = cluster;
        this.events = events;
        this.graph = graph;
        this.kinds = kinds;
    }

    static Key key(String uid) {
        return new Key("", uid);
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Graph.Node> node = graph.get(key.name());
        if (node.isPresent()) {
            if (node.get().deleting() && node.get().orphan()) {
                letGo(node.get());
            } else if (node.get().deletingDependents()) {
                awaitDependents(node.get());
            } else if (!node.get().deleting() && !node.get().owners().isEmpty()) {
                attempt(node.get());
            }
        }
        return Outcome.SETTLED;
    }

    /** Deleted as an orphan: its dependents live on without it. */
    private void letGo(Graph.Node node) throws ClusterException, InterruptedException {
        for (Graph.Node d : graph.dependents(node.uid())) {
            disown(d, Set.of(node.uid()));
        }
        removeFinalizer(node, "orphan");
    }

    /** Its dependents are attempted on their own; when the last that blocks is gone, so is the finalizer. */
    private void awaitDependents(Graph.Node node) throws ClusterException, InterruptedException {
        Predicate<Graph.Owner> blocking = o -> o.uid().equals(node.uid()) && o.blocks();
        if (graph.dependents(node.uid()).stream().noneMatch(d -> d.owners().stream().anyMatch(blocking))) {
            removeFinalizer(node, "foregroundDeletion");
        }
    }

    private enum State { SOLID, DANGLING, WAITING }

    private void attempt(Graph.Node node) throws ClusterException, InterruptedException {
        Map<State, List<Graph.Owner>> owners = sort(node, node.owners());
        if (owners.get(State.DANGLING).isEmpty() && owners.get(State.WAITING).isEmpty()) {
            return;
        }
        Optional<Obj> live = live(node);
        if (live.isEmpty() || live.get().deleting()) {
            return;
        }
        if (!Graph.Owner.all(live.get()).equals(node.owners())) {
            owners = sort(node, Graph.Owner.all(live.get()));
        }
        owners.get(State.DANGLING).forEach(o -> elsewhere(node, live.get(), o));
        List<Graph.Owner> leaving = new ArrayList<>(owners.get(State.DANGLING));
        leaving.addAll(owners.get(State.WAITING));
        if (leaving.isEmpty()) {
            return;
        }
        if (!owners.get(State.SOLID).isEmpty()) {
            disown(node, leaving.stream().map(Graph.Owner::uid).collect(Collectors.toSet()));
        } else if (!owners.get(State.WAITING).isEmpty() && !graph.dependents(node.uid()).isEmpty()) {
            unblockCycle(node);
            delete(live.get(), node.resource(), "Foreground");
        } else {
            delete(live.get(), node.resource(), node.orphan() ? "Orphan" : node.foreground() ? "Foreground" : "Background");
        }
    }

    private Map<State, List<Graph.Owner>> sort(Graph.Node node, List<Graph.Owner> owners) throws ClusterException, InterruptedException {
        Map<State, List<Graph.Owner>> sorted = Map.of(State.SOLID, new ArrayList<>(), State.DANGLING, new ArrayList<>(), State.WAITING, new ArrayList<>());
        for (Graph.Owner owner : owners) {
            sorted.get(state(node, owner)).add(owner);
        }
        return sorted;
    }

    private State state(Graph.Node node, Graph.Owner owner) throws ClusterException, InterruptedException {
        Optional<Graph.Node> known = graph.get(owner.uid())
                .filter(o -> !o.resource().namespaced() || o.key().namespace().equals(node.key().namespace()));
        if (known.isPresent()) {
            return known.get().deletingDependents() ? State.WAITING : State.SOLID;
        }
        Resource resource = kinds.get(owner.groupKind());
        if (resource == null || resource.namespaced() && node.key().namespace().isEmpty()) {
            // a kind that is not served (it is looked at again when it is), or a reference that cannot be: nothing is deleted for it
            return State.SOLID;
        }
        Optional<Obj> live = cluster.get(resource, resource.namespaced() ? node.key().namespace() : "", owner.name());
        if (live.isEmpty() || !live.get().uid().equals(owner.uid())) {
            return State.DANGLING;
        }
        return live.get().deleting() && live.get().strings("metadata", "finalizers").contains("foregroundDeletion") ? State.WAITING : State.SOLID;
    }

    /** An owner that lives, but in a namespace where it cannot own this one, is as good as absent: that is told. */
    private void elsewhere(Graph.Node node, Obj live, Graph.Owner owner) {
        if (graph.get(owner.uid()).filter(o -> o.resource().namespaced() && !o.key().namespace().equals(node.key().namespace())).isPresent()) {
            String version = live.objects("metadata", "ownerReferences").stream().filter(r -> r.text("uid").equals(owner.uid()))
                    .map(r -> r.text("apiVersion")).findFirst().orElse(owner.group());
            events.warning(live, "OwnerRefInvalidNamespace", "ownerRef [" + version + "/" + owner.kind() + ", namespace: " + node.key().namespace()
                    + ", name: " + owner.name() + ", uid: " + owner.uid() + "] does not exist in namespace \"" + node.key().namespace() + "\"");
        }
    }

    /** Objects that own each other in a circle would wait for each other: one of them does not block. */
    private void unblockCycle(Graph.Node node) throws ClusterException, InterruptedException {
        if (graph.dependents(node.uid()).stream().anyMatch(Graph.Node::deletingDependents)) {
            Optional<Obj> live = live(node);
            if (live.isPresent()) {
                List<Obj> owners = live.get().objects("metadata", "ownerReferences").stream().map(o -> o.copy().put("blockOwnerDeletion", false)).toList();
                patch(node, live.get(), "ownerReferences", owners);
            }
        }
    }

    private Optional<Obj> live(Graph.Node node) throws ClusterException, InterruptedException {
        return cluster.get(node.resource(), node.key().namespace(), node.key().name()).filter(o -> o.uid().equals(node.uid()));
    }

    /** Only the very object that was judged: another owner may have taken it meanwhile. */
    private void delete(Obj live, Resource resource, String policy) throws ClusterException, InterruptedException {
        Obj options = Obj.of("apiVersion", "v1", "kind", "DeleteOptions", "propagationPolicy", policy,
                "preconditions", Obj.of("uid", live.uid(), "resourceVersion", policy.equals("Foreground") ? null : live.resourceVersion()));
        try {
            cluster.raw("DELETE", resource.path(live.namespace(), live.name(), ""), options);
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e; // a conflict: judged again
            }
        }
    }

    private void disown(Graph.Node node, Set<String> owners) throws ClusterException, InterruptedException {
        Optional<Obj> live = live(node);
        if (live.isPresent()) {
            List<Obj> all = live.get().objects("metadata", "ownerReferences");
            List<Obj> rest = all.stream().filter(o -> !owners.contains(o.text("uid"))).toList();
            if (rest.size() < all.size()) {
                patch(node, live.get(), "ownerReferences", rest);
            }
        }
    }

    private void removeFinalizer(Graph.Node node, String finalizer) throws ClusterException, InterruptedException {
        Optional<Obj> live = live(node);
        if (live.isPresent() && live.get().strings("metadata", "finalizers").contains(finalizer)) {
            patch(node, live.get(), "finalizers", live.get().strings("metadata", "finalizers").stream().filter(f -> !f.equals(finalizer)).toList());
        }
    }

    private void patch(Graph.Node node, Obj live, String field, List<?> value) throws ClusterException, InterruptedException {
        try {
            cluster.patch(node.resource(), node.key().namespace(), node.key().name(), "", Patch.MERGE,
                    Obj.of("metadata", Obj.of("uid", live.uid(), "resourceVersion", live.resourceVersion(), field, value)));
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e; // gone meanwhile is what was wanted
            }
        }
    }
}
