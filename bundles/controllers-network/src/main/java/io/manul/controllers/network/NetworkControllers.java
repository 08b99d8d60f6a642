package io.manul.controllers.network;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The network controllers' life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class NetworkControllers implements Component {

    private final Cluster slices;
    private final Cluster endpoints;

    // while acting; written by the updater's thread only
    private Events events;
    private volatile Controller controller;

    @Activate
    public NetworkControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this.slices = clusters.controller("endpointslice-controller", "controllers-network");
        this.endpoints = clusters.controller("endpoint-controller", "controllers-network");
    }

    @Override
    public String name() {
        return "controllers-network";
    }

    @Override
    public void begin(byte[] state) {
        Informer services = slices.informer(Resources.SERVICES, Selection.ALL);
        Informer pods = slices.informer(Resources.PODS, Selection.ALL);
        events = slices.events("endpoint-slice-controller");
        Controller c = new Controller("endpointslice", new EndpointSliceReconciler(slices, endpoints, services, pods, events),
                List.of(services, pods));
        services.listen(change -> c.queue().add(Key.of(change.object())));
        pods.listen(change -> {
            // both the labels now and those before may select
            for (Obj service : services.list(change.object().namespace())) {
                Obj wanted = service.at("spec", "selector");
                if (!wanted.isEmpty()) {
                    Selector s = Selector.of(service.stringMap("spec", "selector"));
                    if (s.matches(change.object().labels()) || change.previous() != null && s.matches(change.previous().labels())) {
                        c.queue().add(Key.of(service));
                    }
                }
            }
        });
        controller = c.start(2);
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

    @Override
    public Health health() {
        Controller c = controller;
        return c == null ? Health.IDLE : c.health();
    }
}
