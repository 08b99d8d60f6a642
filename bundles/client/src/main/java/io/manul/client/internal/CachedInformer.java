package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Listing;
import io.manul.client.Resource;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** List, then watch from there; after a break watch on from the last version, after a 410 list again. */
final class CachedInformer implements Informer {

    private static final Logger LOG = LoggerFactory.getLogger(CachedInformer.class);
    private static final Duration NEXT = Duration.ofMinutes(10);
    private static final long BACKOFF_FIRST_MILLIS = 100;
    private static final long BACKOFF_MOST_MILLIS = 10_000;

    private final Cluster cluster;
    private final Requests requests;
    private final Resource resource;
    private final Selection selection;
    private final Cache cache = new Cache();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile Loopback.Stream open;
    private Thread thread;
    /** Where to watch on from; empty: list first. The informer's thread only. */
    private String version = "";

    CachedInformer(Cluster cluster, Requests requests, Resource resource, Selection selection) {
        this.cluster = cluster;
        this.requests = requests;
        this.resource = resource;
        this.selection = selection;
    }

    @Override
    public Informer listen(Listener listener) {
        listeners.add(listener);
        return this;
    }

    @Override
    public Informer index(String name, Function<Obj, List<String>> keys) {
        cache.index(name, keys);
        return this;
    }

    @Override
    public synchronized Informer start() {
        if (thread == null && !closed) {
            thread = Thread.ofVirtual().name("informer-" + resource.plural()).start(this::run);
        }
        return this;
    }

    private void run() {
        long backoff = BACKOFF_FIRST_MILLIS;
        while (!closed) {
            try {
                if (version.isEmpty()) {
                    relist();
                }
                watch();
                backoff = BACKOFF_FIRST_MILLIS;
            } catch (InterruptedException e) {
                return;
            } catch (ClusterException e) {
                if (e.expired()) {
                    version = "";
                    continue;
                }
                if (closed) {
                    return;
                }
                LOG.warn("Watch broke; tried again resource={} in={}ms why={}", resource.plural(), backoff, e.getMessage());
                backoff = pause(backoff);
            } catch (IOException e) {
                if (closed) {
                    return;
                }
                LOG.warn("Watch broke; tried again resource={} in={}ms why={}", resource.plural(), backoff, e.getMessage());
                backoff = pause(backoff);
            }
        }
    }

    private long pause(long millis) {
        try {
            Thread.sleep(millis / 2 + RandomGenerator.getDefault().nextLong(millis / 2 + 1));
        } catch (InterruptedException e) {
            closed = true;
        }
        return Math.min(BACKOFF_MOST_MILLIS, millis * 2);
    }

    private void relist() throws ClusterException, InterruptedException {
        Listing listing = cluster.list(resource, selection);
        Set<Key> seen = new HashSet<>();
        for (Obj object : listing.items()) {
            Key key = Key.of(object);
            seen.add(key);
            if (!cache.holds(key, object.resourceVersion())) {
                take(object);
            }
        }
        for (Key key : cache.keys()) {
            if (!seen.contains(key)) {
                cache.remove(key).ifPresent(o -> tell(new Change(Kind.DELETED, o, o)));
            }
        }
        version = listing.resourceVersion();
        synced.countDown();
    }

    private void watch() throws ClusterException, IOException, InterruptedException {
        String target = resource.path(selection.namespace()) + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + version
                + HttpCluster.query(selection);
        try (Loopback.Stream stream = requests.transport().open(target, requests.headers(""))) {
            open = stream;
            if (closed) {
                return;
            }
            if (stream.status() != 200) {
                throw Requests.refusal(stream.status(), stream.next(Duration.ofSeconds(5)).orElse(new byte[0]), target);
            }
            Lines lines = new Lines();
            while (!closed && !stream.ended()) {
                Optional<byte[]> chunk = stream.next(NEXT);
                if (chunk.isPresent()) {
                    for (byte[] line : lines.add(chunk.get())) {
                        event(Obj.parse(line));
                    }
                }
            }
        } finally {
            open = null;
        }
    }

    private void event(Obj event) throws ClusterException {
        Obj object = event.at("object");
        switch (event.text("type")) {
            case "ADDED", "MODIFIED" -> take(object);
            case "DELETED" -> {
                Optional<Obj> before = cache.remove(Key.of(object));
                tell(new Change(Kind.DELETED, object, before.orElse(object)));
            }
            case "BOOKMARK" -> { }
            case "ERROR" -> throw new ClusterException((int) object.number("code").orElse(500), object.text("reason"),
                    object.text("message"), object);
            default -> throw new ClusterException(500, "", "unknown watch event " + event.text("type"), event);
        }
        version = object.resourceVersion();
    }

    private void take(Obj object) {
        Optional<Obj> before = cache.put(object);
        tell(new Change(before.isPresent() ? Kind.MODIFIED : Kind.ADDED, object, before.orElse(null)));
    }

    private void tell(Change change) {
        for (Listener l : listeners) {
            try {
                l.changed(change);
            } catch (RuntimeException e) {
                LOG.error("A change handler failed resource={} object={}", resource.plural(), Key.of(change.object()), e);
            }
        }
    }

    @Override
    public boolean awaitSynced(Duration limit) throws InterruptedException {
        return synced.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean synced() {
        return synced.getCount() == 0;
    }

    @Override
    public Optional<Obj> get(Key key) {
        return cache.get(key);
    }

    @Override
    public List<Obj> list() {
        return cache.all();
    }

    @Override
    public List<Obj> list(String namespace) {
        return cache.in(namespace);
    }

    @Override
    public List<Obj> byIndex(String index, String value) {
        return cache.by(index, value);
    }

    @Override
    public List<Key> keys() {
        return cache.keys();
    }

    @Override
    public int size() {
        return cache.size();
    }

    @Override
    public void close() {
        Thread t;
        synchronized (this) {
            closed = true;
            t = thread;
            thread = null;
        }
        Loopback.Stream s = open;
        if (s != null) {
            s.close();
        }
        if (t != null && t != Thread.currentThread()) {
            t.interrupt();
            try {
                t.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
