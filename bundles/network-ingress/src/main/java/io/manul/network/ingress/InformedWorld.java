package io.manul.network.ingress;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The API's objects through informers. Closed by whoever made it. */
final class InformedWorld implements World, AutoCloseable {

    static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final Informer ingresses;
    private final Informer classes;
    private final Informer services;
    private final Informer slices;
    private final Informer secrets;

    InformedWorld(Cluster cluster, Runnable changed) {
        ingresses = cluster.informer(Resources.INGRESSES, Selection.ALL);
        classes = cluster.informer(Resources.INGRESS_CLASSES, Selection.ALL);
        services = cluster.informer(Resources.SERVICES, Selection.ALL);
        slices = cluster.informer(Resources.ENDPOINT_SLICES, Selection.ALL).index(SERVICE_LABEL,
                s -> List.of(s.namespace() + "/" + s.labels().getOrDefault(SERVICE_LABEL, "")));
        secrets = cluster.informer(Resources.SECRETS, Selection.ALL.fields("type=kubernetes.io/tls"));
        all().forEach(i -> i.listen(c -> changed.run()));
    }

    private List<Informer> all() {
        return List.of(ingresses, classes, services, slices, secrets);
    }

    void start() {
        all().forEach(Informer::start);
    }

    boolean awaitSynced(Duration limit) throws InterruptedException {
        for (Informer i : all()) {
            if (!i.awaitSynced(limit)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Obj> ingresses() {
        return ingresses.list();
    }

    @Override
    public List<Obj> classes() {
        return classes.list();
    }

    @Override
    public Optional<Obj> service(String namespace, String name) {
        return services.get(new Key(namespace, name));
    }

    @Override
    public List<Obj> slices(String namespace, String service) {
        return slices.byIndex(SERVICE_LABEL, namespace + "/" + service);
    }

    @Override
    public Optional<Obj> secret(String namespace, String name) {
        return secrets.get(new Key(namespace, name));
    }

    @Override
    public void close() {
        all().forEach(Informer::close);
    }
}
