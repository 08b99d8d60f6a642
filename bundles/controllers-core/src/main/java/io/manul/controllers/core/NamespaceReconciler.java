package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Empties a namespace that is being deleted, says in its conditions what is left, and takes the finalizer {@code kubernetes}. */
final class NamespaceReconciler implements Reconciler {

    private static final Duration AGAIN = Duration.ofSeconds(1);

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
        Contents contents = Contents.empty(cluster, key.name(), Discovered.all(cluster, Set.of("list", "delete")));
        if (!contents.gone()) {
            conditions(found.get(), contents);
            return new Outcome.Again(AGAIN, "content is left: " + contents.left());
        }
        finalizeIt(found.get());
        return Outcome.SETTLED;
    }

    private void finalizeIt(Obj namespace) throws ClusterException, InterruptedException {
        List<String> rest = new ArrayList<>(namespace.strings("spec", "finalizers"));
        rest.remove("kubernetes");
        Obj done = namespace.copy();
        done.set(rest, "spec", "finalizers");
        done.remove("metadata", "resourceVersion"); // our own conditions are newer than the cache; only the finalizers count here
        try {
            cluster.raw("PUT", Resources.NAMESPACES.path("", namespace.name(), "finalize"), done);
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e; // gone already is what was wanted
            }
        }
    }

    private void conditions(Obj namespace, Contents contents) throws ClusterException, InterruptedException {
        List<Obj> was = namespace.objects("status", "conditions");
        List<Obj> now = List.of(
                condition(was, "NamespaceDeletionDiscoveryFailure", List.of(), "ResourcesDiscovered", "All resources successfully discovered", "", ""),
                condition(was, "NamespaceDeletionGroupVersionParsingFailure", List.of(), "ParsedGroupVersions", "All legacy kube types successfully parsed", "", ""),
                condition(was, "NamespaceDeletionContentFailure", contents.failures(), "ContentDeleted",
                        "All content successfully deleted, may be waiting on finalization", "ContentDeletionFailed",
                        "Failed to delete all resource types, " + contents.failures().size() + " remaining: "),
                condition(was, "NamespaceContentRemaining", contents.left(), "ContentRemoved", "All content successfully removed",
                        "SomeResourcesRemain", "Some resources are remaining: "),
                condition(was, "NamespaceFinalizersRemaining", contents.finalizers(), "ContentHasNoFinalizers",
                        "All content-preserving finalizers finished", "SomeFinalizersRemain",
                        "Some content in the namespace has finalizers remaining: "));
        if (!was.equals(now)) {
            cluster.patch(Resources.NAMESPACES, "", namespace.name(), "status", Patch.STRATEGIC, Obj.of("status", Obj.of("conditions", now)));
        }
    }

    /** False where nothing is to be told, else True with all of it. One that says the same keeps its time. */
    private Obj condition(List<Obj> was, String type, List<String> what, String goodReason, String good, String badReason, String bad) {
        boolean well = what.isEmpty();
        Obj made = Obj.of("type", type, "status", well ? "False" : "True", "reason", well ? goodReason : badReason,
                "message", well ? good : bad + String.join(", ", what));
        Optional<Obj> before = was.stream().filter(c -> c.text("type").equals(type)).findFirst();
        boolean same = before.isPresent() && before.get().text("status").equals(made.text("status"));
        return made.put("lastTransitionTime", same ? before.get().text("lastTransitionTime")
                : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
