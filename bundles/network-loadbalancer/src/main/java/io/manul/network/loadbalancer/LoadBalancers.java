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
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. It is awake while there is a Service of type LoadBalancer, and servicelb is not disabled. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class LoadBalancers implements Component {

    private static final String SERVICE = "kubernetes.io/service-name";

    private final Cluster cluster;
    private final Settings settings;

    // while acting; written by the updater's thread only
    private Events events;
    private volatile Controller controller;

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
        Informer services = cluster.informer(Resources.SERVICES, Selection.ALL.fields("spec.type=LoadBalancer"));
        Informer nodes = cluster.informer(Resources.NODES, Selection.ALL);
        Informer slices = cluster.informer(Resources.ENDPOINT_SLICES, Selection.ALL).metadataOnly();
        events = cluster.events("service-controller");
        Map<String, String> ours = Map.of("TCP/" + settings.httpsPort(), "the API server", "TCP/" + settings.kubeletPort(), "the kubelet");
        Controller c = new Controller("service-lb", new LoadBalancerReconciler(cluster, services, nodes, events, ours), List.of(services, nodes, slices));
        // any change may give a port to another Service: all are looked at, there are few
        Runnable all = () -> services.keys().forEach(c.queue()::add);
        services.listen(change -> {
            c.queue().add(Key.of(change.object()));
            all.run();
        });
        nodes.listen(change -> {
            if (change.previous() == null || change.kind() == Informer.Kind.DELETED || !LbNode.of(change.previous()).equals(LbNode.of(change.object()))) {
                all.run();
            }
        });
        slices.listen(change -> {
            Key key = new Key(change.object().namespace(), change.object().labels().getOrDefault(SERVICE, ""));
            if (services.get(key).map(s -> s.text("spec", "externalTrafficPolicy").equals("Local")).orElse(false)) {
                c.queue().add(key);
            }
        });
        controller = c.start(1);
    }

    @Override
    public byte[] end() {
        Controller c = controller;
        if (c != null) {
            c.close();
            events.close();
            controller = null;
        }
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        Controller c = controller;
        return c == null || c.idle();
    }

    @Override
    public Health health() {
        Controller c = controller;
        return c == null ? Health.IDLE : c.health();
    }
}
