package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Empties a namespace that is being deleted, says in its conditions what is left, and takes the finalizer {@code kubernetes}. */
final class NamespaceReconciler implements Reconciler {

    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final Informer namespaces;
    private final InstantSource clock;

    NamespaceReconciler(Cluster cluster, Informer namespaces, InstantSource clock) {
        this.cluster = cluster;
        this.namespaces = namespaces;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = namespaces.get(key);
        if (found.isEmpty() || !found.get().deleting() || !found.get().strings("spec", "finalizers").contains("kubernetes")) {
            return Outcome.SETTLED;
        }
        Obj namespace = found.get();
        List<String> left = new ArrayList<>();
        List<String> finalizers = new ArrayList<>();
        for (Resource resource : Discovered.all(cluster, Set.of("list", "delete"))) {
            if (resource.namespaced()) {
                empty(resource, key.name(), left, finalizers);
            }
        }
        conditions(namespace, left, finalizers);
        if (!left.isEmpty()) {
            return new Outcome.Again(AGAIN, "content is left: " + left);
        }
        Obj done = namespace.copy();
        List<String> rest = new ArrayList<>(namespace.strings("spec", "finalizers"));
        rest.remove("kubernetes");
        done.set(rest, "spec", "finalizers");
        try {
            cluster.raw("PUT", Resources.NAMESPACES.path("", key.name(), "finalize"), done);
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e; // gone already is what was wanted
            }
        }
        return Outcome.SETTLED;
    }

    private void empty(Resource resource, String namespace, List<String> left, List<String> finalizers)
            throws ClusterException, InterruptedException {
        List<Obj> items = cluster.list(resource, Selection.in(namespace)).items();
        for (Obj item : items) {
            if (!item.deleting()) {
                cluster.delete(resource, namespace, item.name(), Propagation.BACKGROUND, OptionalLong.empty(), item.uid());
            }
        }
        List<Obj> still = items.isEmpty() ? items : cluster.list(resource, Selection.in(namespace)).items();
        if (!still.isEmpty()) {
            String name = resource.group().isEmpty() ? resource.plural() + "." : resource.plural() + "." + resource.group();
            left.add(name + " has " + still.size() + " resource instances");
            still.forEach(o -> o.strings("metadata", "finalizers").forEach(f -> finalizers.add(f)));
        }
    }

    private void conditions(Obj namespace, List<String> left, List<String> finalizers) throws ClusterException, InterruptedException {
        List<Obj> now = List.of(
                condition("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
                condition("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
                condition("NamespaceDeletionContentFailure", false, "ContentDeleted",
                        "All content successfully deleted, may be waiting on finalization"),
                left.isEmpty() ? condition("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed")
                        : condition("NamespaceContentRemaining", true, "SomeResourcesRemain", "Some resources are remaining: " + String.join(", ", left)),
                finalizers.isEmpty() ? condition("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
                        : condition("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
                                "Some content in the namespace has finalizers remaining: " + String.join(", ", Set.copyOf(finalizers))));
        if (!left.isEmpty() && !same(namespace.objects("status", "conditions"), now)) {
            cluster.patch(Resources.NAMESPACES, "", namespace.name(), "status", Patch.MERGE, Obj.of("status", Obj.of("conditions", now)));
        }
    }

    private static boolean same(List<Obj> was, List<Obj> now) {
        return was.stream().map(NamespaceReconciler::essence).toList().equals(now.stream().map(NamespaceReconciler::essence).toList());
    }

    private static Obj essence(Obj condition) {
        Obj c = condition.copy();
        c.remove("lastTransitionTime");
        return c;
    }

    private Obj condition(String type, boolean status, String reason, String message) {
        return Obj.of("type", type, "status", status ? "True" : "False", "reason", reason, "message", message,
                "lastTransitionTime", Instant.ofEpochMilli(clock.millis()).truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
