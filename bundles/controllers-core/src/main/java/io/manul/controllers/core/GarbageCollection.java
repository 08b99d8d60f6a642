package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches every resource that can be listed, watched and deleted, and feeds the collector. Kinds that a CRD brings are taken
 * in when the CRD changes.
 */
final class GarbageCollection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollection.class);
    private static final Set<String> VERBS = Set.of("list", "watch", "delete");
    /** Many, short-lived and never owners of anything. */
    private static final Set<String> PASSED_OVER = Set.of("events", "events.events.k8s.io", "leases.coordination.k8s.io");

    private final Cluster cluster;
    private final Graph graph = new Graph();
    private final Map<String, Resource> kinds = new ConcurrentHashMap<>();
    private final Map<Resource, Informer> watched = new ConcurrentHashMap<>();
    private final Controller collector;
    private final Informer crds;
    private final Thread discovery;
    private volatile boolean closed;

    GarbageCollection(Cluster cluster) {
        this.cluster = cluster;
        this.crds = cluster.informer(Resources.CUSTOM_RESOURCE_DEFINITIONS, Selection.ALL);
        this.collector = new Controller("garbage-collector", new Collector(cluster, graph, kinds), List.of(crds));
        crds.listen(change -> wake());
        this.discovery = Thread.ofVirtual().name("garbage-discovery").unstarted(this::discover);
    }

    GarbageCollection start() {
        collector.start(4);
        discovery.start();
        return this;
    }

    private final java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();
    private final java.util.concurrent.locks.Condition changed = lock.newCondition();
    private boolean dirty = true;

    private void wake() {
        lock.lock();
        try {
            dirty = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void discover() {
        try {
            while (!closed) {
                await();
                if (!refresh()) {
                    Thread.sleep(Duration.ofSeconds(1));
                    wake();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await() throws InterruptedException {
        lock.lock();
        try {
            while (!dirty && !closed) {
                changed.await();
            }
            dirty = false;
        } finally {
            lock.unlock();
        }
    }

    private boolean refresh() throws InterruptedException {
        try {
            List<Resource> served = Discovered.all(cluster, VERBS);
            for (Resource r : served) {
                kinds.put(r.apiVersion() + "/" + r.kind(), r);
                String name = r.group().isEmpty() ? r.plural() : r.plural() + "." + r.group();
                if (!PASSED_OVER.contains(name) && !watched.containsKey(r) && !closed) {
                    watched.put(r, watch(r));
                }
            }
            for (Resource r : Set.copyOf(watched.keySet())) {
                if (!served.contains(r)) {
                    watched.remove(r).close();
                    kinds.remove(r.apiVersion() + "/" + r.kind());
                }
            }
            return true;
        } catch (ClusterException e) {
            LOG.warn("The served resources cannot be read; tried again why={}", e.getMessage());
            return false;
        }
    }

    private Informer watch(Resource r) {
        return cluster.informer(r, Selection.ALL).listen(change -> {
            Obj o = change.object();
            if (change.kind() == Informer.Kind.DELETED) {
                graph.get(o.uid()).ifPresent(n -> n.owners().forEach(owner -> collector.queue().add(Collector.key(owner.text("uid")))));
                graph.remove(o.uid()).forEach(d -> collector.queue().add(Collector.key(d)));
            } else {
                graph.put(r, o);
                collector.queue().add(Collector.key(o.uid()));
                if (o.deleting()) {
                    graph.dependents(o.uid()).forEach(d -> collector.queue().add(Collector.key(d.uid())));
                }
            }
        }).start();
    }

    Controller controller() {
        return collector;
    }

    @Override
    public void close() {
        closed = true;
        wake();
        discovery.interrupt();
        try {
            discovery.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        collector.close();
        watched.values().forEach(Informer::close);
    }
}
