package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.Map;
import java.util.Optional;

/** Keeps one object in every namespace: the service account {@code default}, the ConfigMap {@code kube-root-ca.crt}. */
final class PerNamespace implements Reconciler {

    private final Cluster cluster;
    private final Informer namespaces;
    private final Resource resource;
    private final Obj wanted;

    /** @param wanted without namespace; its {@code data} is kept as it is here */
    PerNamespace(Cluster cluster, Informer namespaces, Resource resource, Obj wanted) {
        this.cluster = cluster;
        this.namespaces = namespaces;
        this.resource = resource;
        this.wanted = wanted;
    }

    /** @param key the namespace's */
    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> namespace = namespaces.get(key);
        if (namespace.isEmpty() || namespace.get().deleting()) {
            return Outcome.SETTLED;
        }
        Optional<Obj> there = cluster.get(resource, key.name(), wanted.name());
        if (there.isEmpty()) {
            create(key.name());
        } else if (!there.get().stringMap("data").equals(data())) {
            cluster.patch(resource, key.name(), wanted.name(), "", Patch.MERGE, Obj.of("data", wanted.at("data")));
        }
        return Outcome.SETTLED;
    }

    private Map<String, String> data() {
        return wanted.stringMap("data");
    }

    private void create(String namespace) throws ClusterException, InterruptedException {
        try {
            cluster.create(resource, namespace, wanted.copy().set(namespace, "metadata", "namespace"));
        } catch (ClusterException e) {
            boolean ending = e.code() == 403 && e.getMessage().contains("being terminated");
            if (!e.alreadyExists() && !e.notFound() && !ending) {
                throw e; // gone or there meanwhile: the next change says
            }
        }
    }
}
