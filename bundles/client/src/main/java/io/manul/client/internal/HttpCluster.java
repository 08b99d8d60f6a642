package io.manul.client.internal;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Listing;
import io.manul.client.Patch;
import io.manul.client.Propagation;
import io.manul.client.Resource;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The Kubernetes API by its HTTP rules (Kubernetes, "API Concepts"). */
final class HttpCluster implements Cluster {

    private static final int PAGE = 500;
    private static final String JSON = Requests.JSON;

    private final Requests requests;

    HttpCluster(Requests requests) {
        this.requests = requests;
    }

    @Override
    public Optional<Obj> get(Resource resource, String namespace, String name) throws ClusterException, InterruptedException {
        try {
            return Optional.of(requests.read(resource.path(namespace, name, ""), JSON));
        } catch (ClusterException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static String query(Selection s) {
        return (s.labels().isEmpty() ? "" : "&labelSelector=" + Requests.encode(s.labels()))
                + (s.fields().isEmpty() ? "" : "&fieldSelector=" + Requests.encode(s.fields()));
    }

    @Override
    public Listing list(Resource resource, Selection selection) throws ClusterException, InterruptedException {
        List<Obj> items = new ArrayList<>();
        String version = pages(requests, resource, selection, JSON, items::add);
        return new Listing(version, items);
    }

    /** Reads a collection page by page. @return the resource version that it shows */
    static String pages(Requests requests, Resource resource, Selection selection, String accept, Consumer<Obj> each)
            throws ClusterException, InterruptedException {
        String more = "";
        for (;;) {
            Obj page = requests.read(resource.path(selection.namespace()) + "?limit=" + PAGE + query(selection)
                    + (more.isEmpty() ? "" : "&continue=" + Requests.encode(more)), accept);
            for (Obj item : page.objects("items")) {
                // items of a list carry no type of their own
                if (!item.has("kind")) {
                    item.put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
                }
                each.accept(item);
            }
            more = page.text("metadata", "continue");
            if (more.isEmpty()) {
                return page.text("metadata", "resourceVersion");
            }
        }
    }

    @Override
    public Obj create(Resource resource, String namespace, Obj object) throws ClusterException, InterruptedException {
        return requests.send("POST", resource.path(namespace), JSON, typed(resource, object));
    }

    @Override
    public Obj update(Resource resource, String namespace, Obj object) throws ClusterException, InterruptedException {
        return update(resource, namespace, "", object);
    }

    @Override
    public Obj update(Resource resource, String namespace, String sub, Obj object) throws ClusterException, InterruptedException {
        return requests.send("PUT", resource.path(namespace, object.name(), sub), JSON,
                sub.isEmpty() || sub.equals("status") ? typed(resource, object) : object);
    }

    private static Obj typed(Resource resource, Obj object) {
        return object.has("kind") && object.has("apiVersion") ? object
                : object.copy().put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
    }

    @Override
    public Obj patch(Resource resource, String namespace, String name, String sub, Patch type, Object body)
            throws ClusterException, InterruptedException {
        return requests.send("PATCH", resource.path(namespace, name, sub), type.contentType(), body);
    }

    @Override
    public Obj post(Resource resource, String namespace, String name, String sub, Obj body)
            throws ClusterException, InterruptedException {
        return requests.send("POST", resource.path(namespace, name, sub), JSON, body);
    }

    @Override
    public boolean delete(Resource resource, String namespace, String name, Propagation propagation, OptionalLong graceSeconds,
            String uid) throws ClusterException, InterruptedException {
        Obj options = Obj.of("apiVersion", "v1", "kind", "DeleteOptions");
        String policy = switch (propagation) {
            case DEFAULT -> "";
            case BACKGROUND -> "Background";
            case FOREGROUND -> "Foreground";
            case ORPHAN -> "Orphan";
        };
        if (!policy.isEmpty()) {
            options.put("propagationPolicy", policy);
        }
        graceSeconds.ifPresent(s -> options.put("gracePeriodSeconds", s));
        if (!uid.isEmpty()) {
            options.set(uid, "preconditions", "uid");
        }
        try {
            requests.send("DELETE", resource.path(namespace, name, ""), JSON, options);
            return true;
        } catch (ClusterException e) {
            if (e.notFound()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Obj raw(String method, String pathAndQuery, Obj body) throws ClusterException, InterruptedException {
        return requests.send(method, pathAndQuery, JSON, body);
    }

    @Override
    public Informer informer(Resource resource, Selection selection) {
        return new CachedInformer(requests, resource, selection, Thread::sleep, RandomGenerator.getDefault());
    }

    @Override
    public Events events(String component) {
        return new EventRecorder(this, component);
    }
}
