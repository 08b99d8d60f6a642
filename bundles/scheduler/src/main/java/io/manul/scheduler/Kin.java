package io.manul.scheduler;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.scheduler.framework.LabelQuery;
import io.manul.scheduler.framework.PodInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who belongs together: the selectors of Services and of the owners of pods, and the labels of namespaces. Keeps nothing else
 * of them. Safe from any thread.
 */
final class Kin implements AutoCloseable {

    private final List<Informer> informers = new ArrayList<>();
    private final Map<String, Map<String, Map<String, String>>> services = new ConcurrentHashMap<>();
    private final Map<String, Map<Key, LabelQuery>> owners = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> namespaces = new ConcurrentHashMap<>();

    Kin(Cluster cluster) {
        watch(cluster, Resources.SERVICES).listen(this::service);
        for (Resource r : List.of(Resources.REPLICA_SETS, Resources.STATEFUL_SETS, Resources.REPLICATION_CONTROLLERS)) {
            Map<Key, LabelQuery> of = owners.computeIfAbsent(r.kind(), k -> new ConcurrentHashMap<>());
            watch(cluster, r).listen(c -> owner(c, of));
        }
        informers.add(cluster.informer(Resources.NAMESPACES, Selection.ALL).metadataOnly().listen(c -> {
            if (c.kind() == Informer.Kind.DELETED) {
                namespaces.remove(c.object().name());
            } else {
                namespaces.put(c.object().name(), Map.copyOf(c.object().labels()));
            }
        }));
    }

    private Informer watch(Cluster cluster, Resource resource) {
        Informer i = cluster.informer(resource, Selection.ALL).keep(Kin::identity);
        informers.add(i);
        return i;
    }

    /** The least that an informer must know an object by. */
    static Obj identity(Obj o) {
        return Obj.of("metadata", Obj.of("namespace", o.namespace(), "name", o.name(), "uid", o.uid(), "resourceVersion", o.resourceVersion()));
    }

    private void service(Informer.Change c) {
        Map<String, Map<String, String>> here = services.computeIfAbsent(c.object().namespace(), n -> new ConcurrentHashMap<>());
        Map<String, String> selector = c.object().stringMap("spec", "selector");
        if (c.kind() == Informer.Kind.DELETED || selector.isEmpty()) {
            here.remove(c.object().name());
        } else {
            here.put(c.object().name(), Map.copyOf(selector));
        }
    }

    private static void owner(Informer.Change c, Map<Key, LabelQuery> all) {
        if (c.kind() == Informer.Kind.DELETED) {
            all.remove(Key.of(c.object()));
        } else {
            Obj selector = c.object().at("spec", "selector");
            all.put(Key.of(c.object()), selector.has("matchLabels") || selector.has("matchExpressions") ? LabelQuery.of(selector)
                    : LabelQuery.of(c.object().stringMap("spec", "selector")));
        }
    }

    void start() {
        informers.forEach(Informer::start);
    }

    boolean awaitSynced(Duration limit) throws InterruptedException {
        for (Informer i : informers) {
            if (!i.awaitSynced(limit)) {
                return false;
            }
        }
        return true;
    }

    /** What selects the pods that a pod belongs together with; everything: it belongs to none. */
    LabelQuery of(PodInfo pod) {
        Map<String, String> all = new HashMap<>();
        Map<String, String> labels = pod.id().labels();
        services.getOrDefault(pod.key().namespace(), Map.of()).values().forEach(s -> {
            if (labels.entrySet().containsAll(s.entrySet())) {
                all.putAll(s);
            }
        });
        LabelQuery query = all.isEmpty() ? LabelQuery.EVERYTHING : LabelQuery.of(all);
        String owner = pod.id().owner();
        int slash = owner.indexOf('/');
        LabelQuery own = slash < 0 ? null : owners.getOrDefault(owner.substring(0, slash), Map.of())
                .get(new Key(pod.key().namespace(), owner.substring(slash + 1)));
        return own == null ? query : query.and(own);
    }

    Map<String, String> labels(String namespace) {
        return namespaces.getOrDefault(namespace, Map.of());
    }

    @Override
    public void close() {
        informers.forEach(Informer::close);
    }
}
