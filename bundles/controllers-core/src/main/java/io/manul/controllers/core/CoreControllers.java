package io.manul.controllers.core;

import io.manul.api.component.Component;
import io.manul.api.pki.Pki;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The core controllers' life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class CoreControllers implements Component {

    private final Clusters clusters;
    private final Pki pki;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private volatile GarbageCollection garbage;

    @Activate
    public CoreControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki) {
        this.clusters = clusters;
        this.pki = pki;
    }

    @Override
    public String name() {
        return "controllers-core";
    }

    @Override
    public void begin(byte[] state) {
        // one cache of the namespaces for the first three
        Cluster own = cluster("namespace-controller");
        Informer namespaces = own.informer(Resources.NAMESPACES, Selection.ALL);
        List<Controller> all = new ArrayList<>();
        all.add(controller("namespace", new NamespaceReconciler(own, namespaces, InstantSource.system()), namespaces, List.of()));
        all.add(perNamespace("service-account-controller", namespaces, Resources.SERVICE_ACCOUNTS,
                Obj.of("apiVersion", "v1", "kind", "ServiceAccount", "metadata", Obj.of("name", "default"))));
        all.add(perNamespace("root-ca-cert-publisher", namespaces, Resources.CONFIG_MAPS,
                Obj.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Obj.of("name", "kube-root-ca.crt", "annotations",
                        Obj.of("kubernetes.io/description", "Contains a CA bundle that can be used to verify the kube-apiserver when using"
                                + " internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed"
                                + " across distributions of Kubernetes clusters.")),
                        "data", Obj.of("ca.crt", pki.serverCaPem()))));
        all.add(RoleAggregation.controller(cluster("clusterrole-aggregation-controller")));
        all.forEach(c -> c.start(2));
        garbage = new GarbageCollection(cluster("generic-garbage-collector")).start();
        all.add(garbage.controller());
        controllers = all;
    }

    private Cluster cluster(String controller) {
        return clusters.controller(controller, "controllers-core");
    }

    private Controller perNamespace(String name, Informer namespaces, Resource resource, Obj wanted) {
        Cluster cluster = cluster(name);
        // who deletes or changes the object in a namespace gets it back
        Informer objects = cluster.informer(resource, Selection.ALL.fields("metadata.name=" + wanted.name())).metadataOnly();
        return controller(name, new PerNamespace(cluster, namespaces, resource, wanted), namespaces, List.of(objects));
    }

    private static Controller controller(String name, Reconciler reconciler, Informer namespaces, List<Informer> objects) {
        List<Informer> informers = new ArrayList<>(objects);
        informers.add(namespaces);
        Controller c = new Controller(name, reconciler, informers);
        namespaces.listen(change -> c.queue().add(Key.of(change.object())));
        objects.forEach(i -> i.listen(change -> c.queue().add(new Key("", change.object().namespace()))));
        return c;
    }

    @Override
    public byte[] end() {
        controllers.forEach(Controller::stop);
        GarbageCollection g = garbage;
        if (g != null) {
            g.close();
            garbage = null;
        }
        controllers.forEach(Controller::close);
        controllers = List.of();
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        GarbageCollection g = garbage;
        return controllers.stream().allMatch(Controller::idle) && (g == null || g.idle());
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
