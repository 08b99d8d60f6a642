package io.manul.controllers.core;

import io.manul.api.component.Component;
import io.manul.api.pki.Pki;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Reconciler;
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
    private GarbageCollection garbage;

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
        List<Controller> all = new ArrayList<>();
        Cluster namespaces = cluster("namespace-controller");
        Informer deleting = namespaces.informer(Resources.NAMESPACES, Selection.ALL);
        all.add(start("namespace", new NamespaceReconciler(namespaces, deleting, InstantSource.system()), deleting, List.of()));
        all.add(perNamespace("service-account-controller", Resources.SERVICE_ACCOUNTS,
                Obj.of("apiVersion", "v1", "kind", "ServiceAccount", "metadata", Obj.of("name", "default"))));
        all.add(perNamespace("root-ca-cert-publisher", Resources.CONFIG_MAPS,
                Obj.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Obj.of("name", "kube-root-ca.crt", "annotations",
                        Obj.of("kubernetes.io/description", "Contains a CA bundle that can be used to verify the kube-apiserver when using"
                                + " internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed"
                                + " across distributions of Kubernetes clusters.")),
                        "data", Obj.of("ca.crt", pki.serverCaPem()))));
        garbage = new GarbageCollection(cluster("generic-garbage-collector")).start();
        all.add(garbage.controller());
        controllers = all;
    }

    private Cluster cluster(String controller) {
        return clusters.controller(controller, "controllers-core");
    }

    private Controller perNamespace(String controller, io.manul.client.Resource resource, Obj wanted) {
        Cluster cluster = cluster(controller);
        Informer namespaces = cluster.informer(Resources.NAMESPACES, Selection.ALL);
        // who deletes the object in a namespace gets it back
        Informer objects = cluster.informer(resource, Selection.ALL.fields("metadata.name=" + wanted.name()));
        return start(controller, new PerNamespace(cluster, namespaces, resource, wanted), namespaces, List.of(objects));
    }

    private static Controller start(String name, Reconciler reconciler, Informer namespaces, List<Informer> objects) {
        List<Informer> informers = new ArrayList<>(objects);
        informers.add(namespaces);
        Controller c = new Controller(name, reconciler, informers);
        namespaces.listen(change -> c.queue().add(Key.of(change.object())));
        objects.forEach(i -> i.listen(change -> c.queue().add(new Key("", change.object().namespace()))));
        return c.start(2);
    }

    @Override
    public byte[] end() {
        for (Controller c : controllers) {
            if (garbage == null || c != garbage.controller()) {
                c.close();
            }
        }
        if (garbage != null) {
            garbage.close();
            garbage = null;
        }
        controllers = List.of();
        return new byte[0];
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
