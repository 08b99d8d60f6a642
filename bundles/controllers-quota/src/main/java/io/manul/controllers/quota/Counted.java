package io.manul.controllers.quota;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.WorkQueue;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The objects that quotas are about: watched while some quota names their resource, of a pod its phase and of others the metadata
 * only. An object that goes, ends or shrinks lets the quotas of its namespace be counted again. Used by the controller's one worker.
 */
final class Counted implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** Objects go in swarms. */
    private static final Duration BATCH = Duration.ofMillis(50);
    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

    private record Watched(Resource resource, Informer informer) {
    }

    private final Cluster cluster;
    private final Informer quotas;
    private final Map<String, Watched> watched = new TreeMap<>();
    private WorkQueue queue;

    Counted(Cluster cluster, Informer quotas) {
        this.cluster = cluster;
        this.quotas = quotas;
    }

    void queue(WorkQueue controllers) {
        this.queue = controllers;
    }

    /** Watches these and no others. @param names {@code pods}, {@code deployments.apps} */
    void only(Set<String> names) throws ClusterException, InterruptedException {
        for (String name : Set.copyOf(watched.keySet())) {
            if (!names.contains(name) && !(name.equals(DEFINITIONS) && !watched.keySet().containsAll(names))) {
                watched.remove(name).informer().close();
            }
        }
        for (String name : names) {
            if (!watched.containsKey(name)) {
                Optional<Resource> served = Served.find(cluster, name);
                if (served.isPresent()) {
                    watch(name, served.get());
                } else if (!watched.containsKey(DEFINITIONS)) {
                    watch(DEFINITIONS, Resources.CUSTOM_RESOURCE_DEFINITIONS); // it may come
                }
            }
        }
    }

    /** Empty for what this API does not serve. */
    Optional<Resource> resource(String name) {
        return Optional.ofNullable(watched.get(name)).map(Watched::resource);
    }

    /** How many there are in a namespace. */
    long count(String name, String namespace) {
        return watched.get(name).informer().keys().stream().filter(k -> k.namespace().equals(namespace)).count();
    }

    private void watch(String name, Resource resource) throws ClusterException, InterruptedException {
        Informer informer = cluster.informer(resource, Selection.ALL);
        switch (name) {
            case "pods" -> informer.keep(Counted::part).listen(this::pod);
            case "services", "persistentvolumeclaims" -> informer.metadataOnly().listen(c -> recount(c, c.kind() != Informer.Kind.ADDED));
            case DEFINITIONS -> informer.metadataOnly().listen(c -> quotas.keys().forEach(k -> queue.addAfter(k, BATCH)));
            default -> informer.metadataOnly().listen(c -> recount(c, c.kind() == Informer.Kind.DELETED));
        }
        watched.put(name, new Watched(resource, informer.start()));
        if (!informer.awaitSynced(LIMIT)) {
            throw new ClusterException(0, "Timeout", "no list of " + name + " within 1 min", null);
        }
    }

    private static Obj part(Obj pod) {
        Obj metadata = Obj.of();
        for (String field : new String[] {"name", "namespace", "uid", "resourceVersion", "generation", "deletionTimestamp"}) {
            metadata.put(field, pod.get("metadata", field));
        }
        return Obj.of("metadata", metadata, "status", Obj.of("phase", pod.get("status", "phase")));
    }

    private static boolean ended(Obj pod) {
        return pod.text("status", "phase").equals("Succeeded") || pod.text("status", "phase").equals("Failed");
    }

    private void pod(Informer.Change change) {
        Obj pod = change.object();
        boolean modified = change.kind() == Informer.Kind.MODIFIED;
        Obj before = change.previous();
        recount(change, change.kind() == Informer.Kind.DELETED || modified && (ended(pod) != ended(before) || pod.deleting() != before.deleting()
                || !pod.number("metadata", "generation").equals(before.number("metadata", "generation"))));
    }

    private void recount(Informer.Change change, boolean less) {
        if (less) {
            quotas.list(change.object().namespace()).forEach(q -> queue.addAfter(Key.of(q), BATCH));
        }
    }

    @Override
    public void close() {
        watched.values().forEach(w -> w.informer().close());
        watched.clear();
    }
}
