package io.manul.client.internal;

import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
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
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * List, then watch from there; after a break watch on from the last version, after a 410 list again. Breaks are waited out
 * 100 ms doubling to 30 s, half of it by chance, so that many informers do not come back at the same moment.
 */
final class CachedInformer implements Informer {

    private static final Logger LOG = LoggerFactory.getLogger(CachedInformer.class);
    private static final String METADATA = Requests.JSON + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private static final String METADATA_LIST = Requests.JSON + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static final long BACKOFF_FIRST_MILLIS = 100;
    private static final long BACKOFF_MOST_MILLIS = 30_000;

    private final Requests requests;
    private final Resource resource;
    private final Selection selection;
    private final Pause pause;
    private final RandomGenerator chance;
    private final Cache cache = new Cache();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private volatile boolean metadataOnly;
    private volatile UnaryOperator<Obj> part = UnaryOperator.identity();
    private volatile boolean closed;
    private volatile Watching open;
    private Thread thread;
    /** Where to watch on from; empty: list first. The informer's thread only. */
    private String version = "";

    CachedInformer(Requests requests, Resource resource, Selection selection, Pause pause, RandomGenerator chance) {
        this.requests = requests;
        this.resource = resource;
        this.selection = selection;
        this.pause = pause;
        this.chance = chance;
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
    public Informer metadataOnly() {
        metadataOnly = true;
        return this;
    }

    @Override
    public Informer keep(UnaryOperator<Obj> wanted) {
        part = wanted;
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
        try {
            while (!closed) {
                if (once(backoff)) {
                    backoff = BACKOFF_FIRST_MILLIS;
                } else if (!closed) {
                    pause.millis(backoff / 2 + chance.nextLong(backoff / 2 + 1));
                    backoff = Math.min(BACKOFF_MOST_MILLIS, backoff * 2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** @return whether it went well, so that the next try may follow at once */
    private boolean once(long backoff) throws InterruptedException {
        try {
            if (version.isEmpty()) {
                relist();
            }
            return watch() > 0;
        } catch (ClusterException e) {
            if (e.expired()) {
                version = "";
            } else {
                report(backoff, e);
            }
        } catch (IOException e) {
            report(backoff, e);
        } catch (RuntimeException e) {
            LOG.error("Watch failed; listed again resource={} why={}", resource.plural(), e.toString(), e);
            version = "";
        }
        return false;
    }

    private void report(long backoff, Exception e) {
        if (!closed && backoff == BACKOFF_FIRST_MILLIS) {
            LOG.warn("Watch broke; tried again with back-off resource={} why={}", resource.plural(), e.getMessage());
        }
    }

    private void relist() throws ClusterException, InterruptedException {
        Set<Key> seen = new HashSet<>();
        String shown = HttpCluster.pages(requests, resource, selection, metadataOnly ? METADATA_LIST : Requests.JSON, object -> {
            Key key = Key.of(object);
            seen.add(key);
            if (!cache.holds(key, object.resourceVersion())) {
                take(object);
            }
        });
        for (Key key : cache.keys()) {
            if (!seen.contains(key)) {
                cache.remove(key).ifPresent(o -> tell(new Change(Kind.DELETED, o, o)));
            }
        }
        version = shown;
        synced.countDown();
    }

    private long watch() throws ClusterException, IOException, InterruptedException {
        String target = resource.path(selection.namespace()) + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + version
                + HttpCluster.query(selection);
        try (Watching watching = Watching.open(requests, target, metadataOnly ? METADATA : Requests.JSON)) {
            open = watching;
            return closed ? 0 : watching.run(this::event);
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
        Optional<Obj> before = cache.put(metadataOnly ? essence(object) : part.apply(object));
        if (before.isPresent() && !before.get().uid().equals(object.uid())) {
            tell(new Change(Kind.DELETED, before.get(), before.get()));
            before = Optional.empty();
        }
        tell(new Change(before.isPresent() ? Kind.MODIFIED : Kind.ADDED, object, before.orElse(null)));
    }

    private static Obj essence(Obj object) {
        Obj metadata = object.at("metadata").copy();
        metadata.remove("annotations");
        metadata.remove("managedFields");
        return Obj.of("metadata", metadata);
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
        Watching s = open;
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
