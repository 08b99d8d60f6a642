package io.manul.controllers.node;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The node controllers' life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class NodeControllers implements Component {

    private final Clusters clusters;
    private final Settings settings;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private Events events;

    @Activate
    public NodeControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this.clusters = clusters;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "controllers-node";
    }

    @Override
    public void begin(byte[] state) {
        Cluster cluster = clusters.controller("node-controller", "controllers-node");
        Cluster ipam = clusters.controller("node-ipam-controller", "controllers-node");
        events = cluster.events("node-controller");
        Informer nodes = cluster.informer(Resources.NODES, Selection.ALL);
        Informer leases = cluster.informer(Resources.LEASES, Selection.in("kube-node-lease"));
        Informer pods = cluster.informer(Resources.PODS, Selection.ALL).index("node", p -> List.of(p.text("spec", "nodeName")));
        InstantSource clock = InstantSource.system();
        Heartbeats heartbeats = new Heartbeats(System::nanoTime);
        Controller lifecycle = new Controller("node-lifecycle", new LifecycleReconciler(cluster, nodes, pods, heartbeats, events, clock),
                List.of(leases, nodes, pods));
        Controller eviction = new Controller("taint-eviction", new EvictionReconciler(cluster, nodes, pods, events, clock), List.of(nodes, pods));
        Controller networks = new Controller("node-ipam", new PodNetworks(ipam, nodes, settings.clusterCidr()), List.of(nodes));
        leases.listen(c -> {
            heartbeats.lease(c.object().name(), c.object().text("spec", "renewTime"));
            if (c.kind() != Informer.Kind.MODIFIED) {
                lifecycle.queue().add(new Key("", c.object().name()));
            }
        });
        nodes.listen(c -> {
            Key key = Key.of(c.object());
            if (c.kind() == Informer.Kind.DELETED) {
                heartbeats.gone(key.name());
                return;
            }
            heartbeats.node(c.object());
            lifecycle.queue().add(key);
            networks.queue().add(key);
            if (!c.object().objects("spec", "taints").isEmpty()) {
                pods.byIndex("node", key.name()).forEach(p -> eviction.queue().add(Key.of(p)));
            }
        });
        pods.listen(c -> {
            if (c.kind() == Informer.Kind.ADDED || c.kind() == Informer.Kind.MODIFIED
                    && !c.object().text("spec", "nodeName").equals(c.previous().text("spec", "nodeName"))) {
                eviction.queue().add(Key.of(c.object()));
            }
        });
        controllers = List.of(lifecycle.start(1), eviction.start(1), networks.start(1));
    }

    @Override
    public byte[] end() {
        controllers.forEach(Controller::close);
        controllers = List.of();
        if (events != null) {
            events.close();
            events = null;
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
