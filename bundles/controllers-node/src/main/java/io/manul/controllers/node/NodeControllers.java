package io.manul.controllers.node;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The node controllers' life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class NodeControllers implements Component {

    private final Clusters clusters;
    private final Settings settings;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final int mostEnded;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private List<Events> events = List.of();
    private Runnable again = () -> { };
    private Map<Resource, Informer> caches = Map.of();

    @Activate
    public NodeControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(clusters, settings, InstantSource.system(), System::nanoTime, EndedPods.MOST);
    }

    NodeControllers(Clusters clusters, Settings settings, InstantSource clock, LongSupplier nanos, int mostEnded) {
        this.mostEnded = mostEnded;
        this.clusters = clusters;
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return "controllers-node";
    }

    @Override
    public void begin(byte[] state) {
        Cluster cluster = cluster("node-controller");
        Cluster ipam = cluster("node-ipam-controller");
        Events ofNodes = cluster.events("node-controller");
        Events ofNetworks = ipam.events("cidrAllocator");
        events = List.of(ofNodes, ofNetworks);
        Informer nodes = cluster.informer(Resources.NODES, Selection.ALL);
        Informer leases = cluster.informer(Resources.LEASES, Selection.in("kube-node-lease"));
        Informer pods = cluster.informer(Resources.PODS, Selection.ALL).index("node", p -> List.of(p.text("spec", "nodeName")));
        Heartbeats heartbeats = new Heartbeats(nanos);
        EvictionReconciler evictions = new EvictionReconciler(cluster, nodes, pods, ofNodes, clock, nanos);
        EndedPods ended = new EndedPods(mostEnded);
        PodGarbage orphans = new PodGarbage(cluster("pod-garbage-collector"), nodes, pods, ended, clock, nanos);
        Controller lifecycle = new Controller("node-lifecycle", new LifecycleReconciler(cluster, nodes, pods, heartbeats, ofNodes, clock),
                List.of(leases, nodes, pods));
        Controller eviction = new Controller("taint-eviction", evictions, List.of(nodes, pods));
        Controller networks = new Controller("node-ipam", new PodNetworks(ipam, nodes, settings.clusterCidr(), ofNetworks), List.of(nodes));
        Controller garbage = new Controller("pod-gc", orphans, List.of(nodes, pods));
        leases.listen(c -> {
            heartbeats.lease(c.object().name(), c.object().text("spec", "renewTime"));
            if (c.kind() != Informer.Kind.MODIFIED) {
                lifecycle.queue().add(new Key("", c.object().name()));
            }
        });
        nodes.listen(c -> {
            Key key = Key.of(c.object());
            lifecycle.queue().add(key);
            networks.queue().add(key);
            if (c.kind() == Informer.Kind.DELETED) {
                heartbeats.gone(key.name());
                evictions.gone(c.object());
                ofNodes.normal(c.object(), "RemovingNode", "Node " + key.name() + " event: Removing Node " + key.name()
                        + " from Controller");
                pods.byIndex("node", key.name()).forEach(p -> garbage.queue().add(Key.of(p)));
                return;
            }
            heartbeats.node(c.object());
            if (PodGarbage.outOfService(c.object())) {
                pods.byIndex("node", key.name()).stream().filter(Obj::deleting).forEach(p -> garbage.queue().add(Key.of(p)));
            }
            if (!taints(c.object()).equals(c.previous() == null ? List.of() : taints(c.previous()))) {
                pods.byIndex("node", key.name()).forEach(p -> eviction.queue().add(Key.of(p)));
            }
        });
        pods.listen(c -> {
            boolean gone = c.kind() == Informer.Kind.DELETED;
            ended.seen(c.object(), gone).forEach(garbage.queue()::add);
            if (gone) {
                orphans.gone(c.object().uid());
                return;
            }
            if (c.kind() == Informer.Kind.ADDED || !c.object().text("spec", "nodeName").equals(c.previous().text("spec", "nodeName"))) {
                eviction.queue().add(Key.of(c.object()));
            }
            if (PodGarbage.concerns(c)) {
                garbage.queue().add(Key.of(c.object()));
            }
        });
        caches = Map.of(Resources.NODES, nodes, Resources.LEASES, leases, Resources.PODS, pods);
        again = () -> pods.keys().forEach(k -> {
            eviction.queue().add(k);
            garbage.queue().add(k);
        });
        controllers = List.of(lifecycle.start(1), eviction.start(1), networks.start(1), garbage.start(1));
    }

    private Cluster cluster(String controller) {
        return clusters.controller(controller, "controllers-node");
    }

    private static List<Obj> taints(Obj node) {
        return node.objects("spec", "taints").stream().filter(t -> t.text("effect").equals("NoExecute")).toList();
    }

    @Override
    public byte[] end() {
        controllers.forEach(Controller::stop);
        controllers.forEach(Controller::close);
        controllers = List.of();
        events.forEach(Events::close);
        events = List.of();
        again = () -> { };
        caches = Map.of();
        return new byte[0];
    }

    /** Its caches: for a test, whose time passes when all was seen. */
    Map<Resource, Informer> caches() {
        return caches;
    }

    /** Looks at every pod again: for a test, whose time passes at once. */
    void look() {
        again.run();
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        return controllers.stream().allMatch(Controller::idle);
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
