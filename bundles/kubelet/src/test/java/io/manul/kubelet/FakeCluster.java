package io.manul.kubelet;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Listing;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resource;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An API server in a map, as far as a kubelet sees one: no validation, merge patches and what of strategic ones a pod's status needs, watches told at once. */
final class FakeCluster implements Cluster {

    private final Map<String, Obj> objects = new TreeMap<>();
    private final List<Watch> watches = new ArrayList<>();
    private long revision;
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile String token = "";

    private static String key(Resource r, String namespace, String name) {
        return r.plural() + "/" + namespace + "/" + name;
    }

    private static ClusterException refused(int code, String reason, String message) {
        return new ClusterException(code, reason, message, null);
    }

    @Override
    public synchronized Optional<Obj> get(Resource r, String namespace, String name) {
        return Optional.ofNullable(objects.get(key(r, namespace, name))).map(Obj::copy);
    }

    @Override
    public synchronized Listing list(Resource r, Selection s) {
        return new Listing(Long.toString(revision), objects.entrySet().stream()
                .filter(e -> e.getKey().startsWith(r.plural() + "/")).map(e -> e.getValue().copy()).toList());
    }

    @Override
    public synchronized Obj create(Resource r, String namespace, Obj object) throws ClusterException {
        if (objects.containsKey(key(r, namespace, object.name()))) {
            throw refused(409, "AlreadyExists", r.plural() + " " + object.name() + " already exists");
        }
        Obj made = object.copy().set(r.plural() + "-" + (revision + 1), "metadata", "uid").set(1, "metadata", "generation");
        if (!namespace.isEmpty()) {
            made.set(namespace, "metadata", "namespace");
        }
        return put(r, namespace, made);
    }

    private Obj put(Resource r, String namespace, Obj object) {
        object.put("kind", r.kind()).put("apiVersion", r.apiVersion()).set(Long.toString(++revision), "metadata", "resourceVersion");
        Obj before = objects.put(key(r, namespace, object.name()), object);
        tell(r, before == null ? Informer.Kind.ADDED : Informer.Kind.MODIFIED, object, before);
        return object.copy();
    }

    private void tell(Resource r, Informer.Kind kind, Obj object, Obj before) {
        for (Watch w : List.copyOf(watches)) {
            if (w.resource.equals(r)) {
                w.listeners.forEach(l -> l.changed(new Informer.Change(kind, object.copy(), before)));
            }
        }
    }

    @Override
    public Obj update(Resource r, String namespace, Obj object) throws ClusterException {
        return update(r, namespace, "", object);
    }

    @Override
    public synchronized Obj update(Resource r, String namespace, String sub, Obj object) throws ClusterException {
        if (!objects.containsKey(key(r, namespace, object.name()))) {
            throw refused(404, "NotFound", object.name() + " not found");
        }
        return put(r, namespace, object.copy());
    }

    @Override
    public synchronized Obj patch(Resource r, String namespace, String name, String sub, Patch type, Object body) throws ClusterException {
        if (type != Patch.MERGE && !(type == Patch.STRATEGIC && r.plural().equals("pods") && sub.equals("status"))) {
            throw new UnsupportedOperationException(type.name());
        }
        Obj object = get(r, namespace, name).orElseThrow(() -> refused(404, "NotFound", name + " not found"));
        Obj patch = Obj.from(body).orElseThrow().copy();
        if (type == Patch.STRATEGIC) {
            lists(object, patch);
        }
        merge(object.map(), patch.map());
        return put(r, namespace, object);
    }

    /** Makes whole lists of those that a strategic patch merges: conditions by type, addresses as a whole. */
    private static void lists(Obj object, Obj patch) {
        if (patch.has("status", "conditions")) {
            List<Obj> all = new ArrayList<>(object.objects("status", "conditions"));
            for (Obj c : patch.objects("status", "conditions")) {
                Obj merged = all.stream().filter(o -> o.text("type").equals(c.text("type"))).findFirst().map(Obj::copy).orElseGet(Obj::of);
                merge(merged.map(), c.map());
                merged.map().values().removeIf(java.util.Objects::isNull);
                all.removeIf(o -> o.text("type").equals(c.text("type")));
                all.add(merged);
            }
            patch.set(all, "status", "conditions");
        }
        for (String list : List.of("podIPs", "hostIPs")) {
            if (patch.has("status", list)) {
                List<Obj> items = patch.objects("status", list);
                if (!items.removeFirst().text("$patch").equals("replace")) {
                    throw new IllegalArgumentException(list + " would merge");
                }
                patch.set(items, "status", list);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void merge(Map<String, Object> into, Map<String, Object> patch) {
        patch.forEach((k, v) -> {
            if (v == null) {
                into.remove(k);
            } else if (v instanceof Map<?, ?> m && into.get(k) instanceof Map<?, ?> old) {
                merge((Map<String, Object>) old, (Map<String, Object>) m);
            } else {
                into.put(k, v);
            }
        });
    }

    @Override
    public Obj post(Resource r, String namespace, String name, String sub, Obj body) {
        if (!sub.equals("token")) {
            throw new UnsupportedOperationException(sub);
        }
        return Obj.of("status", Obj.of("token", token));
    }

    @Override
    public synchronized boolean delete(Resource r, String namespace, String name, Propagation p, OptionalLong grace, String uid) {
        Obj object = objects.get(key(r, namespace, name));
        if (object == null) {
            return false;
        }
        long seconds = grace.orElse(object.number("spec", "terminationGracePeriodSeconds").orElse(30));
        if (seconds == 0) {
            objects.remove(key(r, namespace, name));
            tell(r, Informer.Kind.DELETED, object, object);
        } else {
            put(r, namespace, object.copy().set(seconds, "metadata", "deletionGracePeriodSeconds")
                    .set(Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString(), "metadata", "deletionTimestamp"));
        }
        return true;
    }

    @Override
    public Obj raw(String method, String path, Obj body) {
        throw new UnsupportedOperationException(path);
    }

    @Override
    public Informer informer(Resource r, Selection s) {
        return new Watch(r, s);
    }

    @Override
    public Events events(String component) {
        return new Events() {
            @Override
            public void normal(Obj about, String reason, String message) {
                events.add(about.name() + " " + reason);
            }

            @Override
            public void warning(Obj about, String reason, String message) {
                events.add(about.name() + " " + reason + ": " + message);
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    /** Sees the map itself; told on the writer's thread. */
    private final class Watch implements Informer {
        private final Resource resource;
        private final Selection selection;
        private final List<Listener> listeners = new CopyOnWriteArrayList<>();

        Watch(Resource resource, Selection selection) {
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
            throw new UnsupportedOperationException();
        }

        public Informer metadataOnly() {
            return this;
        }

        @Override
        public Informer start() {
            synchronized (FakeCluster.this) {
                watches.add(this);
                FakeCluster.this.list(resource, selection).items()
                        .forEach(o -> listeners.forEach(l -> l.changed(new Change(Kind.ADDED, o, null))));
            }
            return this;
        }

        @Override
        public boolean awaitSynced(Duration limit) {
            return true;
        }

        @Override
        public boolean synced() {
            return true;
        }

        @Override
        public Optional<Obj> get(Key key) {
            return FakeCluster.this.get(resource, key.namespace(), key.name());
        }

        @Override
        public List<Obj> list() {
            return FakeCluster.this.list(resource, selection).items();
        }

        @Override
        public List<Obj> list(String namespace) {
            return list().stream().filter(o -> o.namespace().equals(namespace)).toList();
        }

        @Override
        public List<Obj> byIndex(String index, String value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Key> keys() {
            return list().stream().map(Key::of).toList();
        }

        @Override
        public int size() {
            return list().size();
        }

        @Override
        public void close() {
            synchronized (FakeCluster.this) {
                watches.remove(this);
            }
        }
    }
}
