package io.manul.network.loadbalancer;

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
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room's life. Nodes and slices are watched once there is a Service of type LoadBalancer, not before. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class LoadBalancers implements Component {

    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancers.class);
    private static final String SERVICE = "kubernetes.io/service-name";

    private final Cluster cluster;
    private final Settings settings;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private Informer services;
    private Informer nodes;
    private Events events;
    private Controller controller;

    @Activate
    public LoadBalancers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this.cluster = clusters.controller("service-controller", "network-loadbalancer");
        this.settings = settings;
    }

    @Override
    public String name() {
        return "network-loadbalancer";
    }

    @Override
    public void begin(byte[] state) {
        if (settings.disable().contains("servicelb")) {
            LOG.info("Services of type LoadBalancer are left to others: servicelb is disabled");
            return;
        }
        lock.lock();
        try {
            services = cluster.informer(Resources.SERVICES, Selection.ALL.fields("spec.type=LoadBalancer"));
            services.listen(c -> look()).start();
        } finally {
            lock.unlock();
        }
    }

    /** Any change may give a port to another Service: all are looked at, there are few. */
    private void look() {
        lock.lock();
        try {
            if (services == null) {
                return; // ended meanwhile
            }
            if (controller == null) {
                start();
            }
            services.keys().forEach(controller.queue()::add);
        } finally {
            lock.unlock();
        }
    }

    private void start() {
        nodes = cluster.informer(Resources.NODES, Selection.ALL);
        Informer slices = cluster.informer(Resources.ENDPOINT_SLICES, Selection.ALL).metadataOnly();
        events = cluster.events("service-controller");
        Map<String, String> ours = Map.of("TCP/" + settings.httpsPort(), "the API server", "TCP/" + settings.kubeletPort(), "the kubelet");
        Controller c = new Controller("service-lb", new LoadBalancerReconciler(cluster, services, nodes, events, ours), List.of(services, nodes, slices));
        nodes.listen(change -> {
            if (change.previous() == null || change.kind() == Informer.Kind.DELETED || !LbNode.of(change.previous()).equals(LbNode.of(change.object()))) {
                look();
            }
        });
        slices.listen(change -> {
            Key key = new Key(change.object().namespace(), change.object().labels().getOrDefault(SERVICE, ""));
            if (local(key)) {
                c.queue().add(key);
            }
        });
        controller = c.start(1);
    }

    private boolean local(Key key) {
        lock.lock();
        try {
            return services != null && services.get(key).map(s -> s.text("spec", "externalTrafficPolicy").equals("Local")).orElse(false);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public byte[] end() {
        Informer s;
        Controller c;
        Events e;
        lock.lock();
        try {
            s = services;
            c = controller;
            e = events;
            services = null;
            controller = null;
            events = null;
        } finally {
            lock.unlock();
        }
        if (c != null) {
            c.close();
            e.close();
        }
        if (s != null) {
            s.close();
        }
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        lock.lock();
        try {
            return services == null || services.synced() && (controller == null || controller.idle());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Health health() {
        lock.lock();
        try {
            return controller == null ? Health.IDLE : controller.health();
        } finally {
            lock.unlock();
        }
    }

    /** For the reconciler and its tests: the time a Service was made, then its name. */
    static String age(Obj service) {
        return service.text("metadata", "creationTimestamp") + " " + Key.of(service);
    }
}
