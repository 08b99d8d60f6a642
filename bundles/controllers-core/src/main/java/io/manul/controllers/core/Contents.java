package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Propagation;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One pass of emptying a namespace, and what is left of it. Pods go before everything else (KEP-5080). */
final class Contents {

    private final Cluster cluster;
    private final String namespace;
    private final List<String> left = new ArrayList<>();
    private final Map<String, Integer> finalizers = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    private Contents(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    static Contents empty(Cluster cluster, String namespace, List<Resource> served) throws InterruptedException {
        Contents c = new Contents(cluster, namespace);
        c.remove(Resources.PODS);
        if (c.gone()) {
            for (Resource resource : served) {
                if (resource.namespaced() && !resource.equals(Resources.PODS)) {
                    c.remove(resource);
                }
            }
        }
        return c;
    }

    private void remove(Resource resource) throws InterruptedException {
        try {
            List<Obj> items = cluster.list(resource, Selection.in(namespace)).items();
            for (Obj item : items) {
                if (!item.deleting()) {
                    cluster.delete(resource, namespace, item.name(), Propagation.BACKGROUND, OptionalLong.empty(), item.uid());
                }
            }
            if (!items.isEmpty()) {
                remains(resource, cluster.list(resource, Selection.in(namespace)).items());
            }
        } catch (ClusterException e) {
            if (!e.notFound() && !e.conflict()) { // a kind that went meanwhile; an object that is another one now
                failures.add(name(resource) + ": " + e.getMessage());
            } else if (e.conflict()) {
                left.add(name(resource) + " changes");
            }
        }
    }

    private void remains(Resource resource, List<Obj> still) {
        if (!still.isEmpty()) {
            left.add(name(resource) + " has " + still.size() + " resource instances");
            still.forEach(o -> o.strings("metadata", "finalizers").forEach(f -> finalizers.merge(f, 1, Integer::sum)));
        }
    }

    private static String name(Resource resource) {
        return resource.plural() + "." + resource.group();
    }

    boolean gone() {
        return left.isEmpty() && failures.isEmpty();
    }

    List<String> left() {
        return left;
    }

    List<String> failures() {
        return failures;
    }

    /** As {@code name in 2 resource instances}. */
    List<String> finalizers() {
        return finalizers.entrySet().stream().map(e -> e.getKey() + " in " + e.getValue() + " resource instances").toList();
    }
}
