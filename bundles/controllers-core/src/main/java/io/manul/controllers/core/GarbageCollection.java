package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the metadata of every resource that can be listed, watched and deleted, and feeds the collector; it begins when
 * all of them were listed once. What a definition brings is taken in when the definition changes.
 */
final class GarbageCollection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollection.class);
    private static final Set<String> VERBS = Set.of("list", "watch", "delete");
    /** Many, short-lived, and neither owners nor owned. */
    private static final Set<String> PASSED_OVER = Set.of("events", "events.events.k8s.io");
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Events events;
    private final Graph graph = new Graph();
    private final Map<String, Resource> kinds = new ConcurrentHashMap<>();
    private final Map<Resource, Informer> watched = new ConcurrentHashMap<>();
    private final Controller collector;
    private final Informer definitions;
    private final Thread discovery;
    private final Semaphore dirty = new Semaphore(1);
    private volatile boolean begun;
    private volatile boolean closed;

    GarbageCollection(Cluster cluster) {
        this.cluster = cluster;
        this.events = cluster.events("garbage-collector-controller");
        this.definitions = cluster.informer(Resources.CUSTOM_RESOURCE_DEFINITIONS, Selection.ALL).metadataOnly();
        this.collector = new Controller("garbage-collector", new Collector(cluster, events, graph, kinds), List.of(definitions));
        definitions.listen(change -> dirty.release());
        this.discovery = Thread.ofVirtual().name("garbage-discovery").unstarted(this::discover);
    }

    GarbageCollection start() {
        definitions.start();
        discovery.start();
        return this;
    }

    private void discover() {
        try {
            while (!closed) {
                dirty.acquire();
                dirty.drainPermits();
                if (!refresh()) {
                    Thread.sleep(RETRY);
                    dirty.release();
                } else if (!begun && allListed()) {
                    collector.start(4);
                    begun = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private boolean allListed() throws InterruptedException {
        for (Map.Entry<Resource, Informer> e : watched.entrySet()) {
            while (!e.getValue().awaitSynced(Duration.ofMinutes(1))) {
                LOG.warn("Garbage collection waits for a first list resource={}", e.getKey().plural());
            }
        }
        return true;
    }

    private boolean refresh() throws InterruptedException {
        List<Resource> served;
        try {
            served = Discovered.all(cluster, VERBS);
        } catch (ClusterException e) {
            LOG.warn("The served resources cannot be read; tried again why={}", e.getMessage());
            return false;
        }
        // first all kinds, then the watches: whoever is judged finds the kind of its owner
        Set<String> fresh = new HashSet<>();
        for (Resource r : served) {
            if (!r.equals(kinds.put(kind(r), r))) {
                fresh.add(kind(r));
            }
        }
        for (Resource r : served) {
            String name = r.group().isEmpty() ? r.plural() : r.plural() + "." + r.group();
            if (!PASSED_OVER.contains(name) && !watched.containsKey(r) && !closed) {
                watched.put(r, watch(r));
            }
        }
        for (Resource r : Set.copyOf(watched.keySet())) {
            if (!served.contains(r)) {
                watched.remove(r).close();
                kinds.remove(kind(r));
                graph.removeAll(r);
            }
        }
        graph.ownedByKinds(fresh).forEach(uid -> collector.queue().add(Collector.key(uid)));
        return true;
    }

    private static String kind(Resource r) {
        return r.group() + "/" + r.kind();
    }

    private Informer watch(Resource r) {
        return cluster.informer(r, Selection.ALL).metadataOnly().listen(change -> {
            Graph.Node node = Graph.Node.of(r, change.object());
            if (change.kind() == Informer.Kind.DELETED) {
                List<Graph.Node> dependents = graph.dependents(node.uid());
                graph.remove(node.uid());
                dependents.forEach(this::enqueue);
                owners(node);
            } else if (graph.put(node)) {
                enqueue(node);
                if (node.deleting()) {
                    graph.dependents(node.uid()).forEach(this::enqueue);
                }
                // an owner that waits for its dependents may have lost one
                owners(node);
                if (change.previous() != null) {
                    owners(Graph.Node.of(r, change.previous()));
                }
            }
        }).start();
    }

    private void enqueue(Graph.Node node) {
        if (node.deleting() || !node.owners().isEmpty()) {
            collector.queue().add(Collector.key(node.uid()));
        }
    }

    private void owners(Graph.Node node) {
        node.owners().forEach(o -> graph.get(o.uid()).filter(Graph.Node::deleting).ifPresent(this::enqueue));
    }

    Controller controller() {
        return collector;
    }

    boolean idle() {
        return begun && collector.idle() && dirty.availablePermits() == 0;
    }

    @Override
    public void close() {
        closed = true;
        discovery.interrupt();
        try {
            discovery.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        collector.close();
        events.close();
        // all at once: each of them may wait for its stream to end
        List<Thread> closing = watched.values().stream().map(i -> Thread.ofVirtual().start(i::close)).toList();
        try {
            for (Thread t : closing) {
                t.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watched.clear();
    }
}
