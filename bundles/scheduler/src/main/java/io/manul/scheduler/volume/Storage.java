package io.manul.scheduler.volume;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Claims, volumes and all that belongs to them. Nothing is read before the first pod that has a claim. Safe from any thread. */
public final class Storage {

    private static final Resource DRIVERS = new Resource("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false);
    private static final Resource CAPACITIES = new Resource("storage.k8s.io", "v1", "csistoragecapacities", "CSIStorageCapacity", true);
    private static final String CLASS = "class";

    private final Map<Resource, Informer> informers = new LinkedHashMap<>();
    /** Volumes that a pod was promised, until its claim is bound or the try is over: volume to claim. */
    private final Map<String, Key> promised = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean started;
    private boolean closed;

    public Storage(Cluster cluster, Consumer<Change> changes) {
        for (Resource r : List.of(Resources.PERSISTENT_VOLUME_CLAIMS, Resources.PERSISTENT_VOLUMES, Resources.STORAGE_CLASSES, Resources.CSI_NODES,
                DRIVERS, CAPACITIES)) {
            informers.put(r, cluster.informer(r, Selection.ALL).listen(c -> {
                wake();
                changes.accept(new Change.Storage(r.plural(), c.previous(), c.kind() == Informer.Kind.DELETED ? null : c.object()));
            }));
        }
        informers.get(Resources.PERSISTENT_VOLUMES).index(CLASS, v -> List.of(v.text("spec", "storageClassName")));
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Reads everything in, the first time; blocks meanwhile. False: not within the limit. */
    public boolean ready(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            if (!started && !closed) {
                informers.values().forEach(Informer::start);
                started = true;
            }
        } finally {
            lock.unlock();
        }
        for (Informer i : informers.values()) {
            if (!i.awaitSynced(limit)) {
                return false;
            }
        }
        return true;
    }

    public Optional<Obj> claim(Key key) {
        return informers.get(Resources.PERSISTENT_VOLUME_CLAIMS).get(key);
    }

    public Optional<Obj> volume(String name) {
        return informers.get(Resources.PERSISTENT_VOLUMES).get(new Key("", name));
    }

    List<Obj> volumesOf(String storageClass) {
        return informers.get(Resources.PERSISTENT_VOLUMES).byIndex(CLASS, storageClass);
    }

    public Optional<Obj> storageClass(String name) {
        return informers.get(Resources.STORAGE_CLASSES).get(new Key("", name));
    }

    public Optional<Obj> csiNode(String node) {
        return informers.get(Resources.CSI_NODES).get(new Key("", node));
    }

    boolean anyCsiNode() {
        return informers.get(Resources.CSI_NODES).size() > 0;
    }

    Optional<Obj> driver(String name) {
        return informers.get(DRIVERS).get(new Key("", name));
    }

    List<Obj> capacities() {
        return informers.get(CAPACITIES).list();
    }

    boolean promisedToAnother(String volume, Key claim) {
        Key to = promised.get(volume);
        return to != null && !to.equals(claim);
    }

    void promise(String volume, Key claim) {
        promised.put(volume, claim);
    }

    void forget(String volume) {
        promised.remove(volume);
    }

    /** What is waited for. */
    interface Check {
        /** @throws BindFailure when it cannot become true any more */
        boolean holds() throws BindFailure;
    }

    /** Asks at every change, until it holds. @return false after the limit, or when this ends */
    boolean await(Duration limit, Check check) throws InterruptedException, BindFailure {
        long nanos = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!check.holds()) {
                if (closed || nanos <= 0) {
                    return false;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        informers.values().forEach(Informer::close);
    }
}
