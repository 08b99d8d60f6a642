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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The network controllers' life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class NetworkControllers implements Component {

    private final Cluster slices;
    private final Cluster endpoints;
    private final Cluster mirror;
    private final Cluster cidrs;

    // while acting; written by the updater's thread only
    private Events events;
    private Events mirrorEvents;
    private volatile List<Controller> controllers = List.of();

    @Activate
    public NetworkControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this.slices = clusters.controller("endpointslice-controller", "controllers-network");
        this.endpoints = clusters.controller("endpoint-controller", "controllers-network");
        this.mirror = clusters.controller("endpointslicemirroring-controller", "controllers-network");
        this.cidrs = clusters.controller("service-cidrs-controller", "controllers-network");
    }

    @Override
    public String name() {
        return "controllers-network";
    }

    @Override
    public void begin(byte[] state) {
        Informer services = slices.informer(Resources.SERVICES, Selection.ALL);
        Informer pods = slices.informer(Resources.PODS, Selection.ALL);
        Informer nodes = slices.informer(Resources.NODES, Selection.ALL).metadataOnly();
        // who deletes or changes a slice by hand gets it back
        Informer ours = slices.informer(Resources.ENDPOINT_SLICES, Selection.ALL.labels(Slices.MANAGED_BY + "=" + Slices.MANAGER)).metadataOnly();
        events = slices.events("endpoint-slice-controller");
        Controller c = new Controller("endpointslice", new EndpointSliceReconciler(slices, endpoints, services, pods, nodes, events),
                List.of(nodes, pods, services, ours));
        services.listen(change -> c.queue().add(Key.of(change.object())));
        pods.listen(change -> selecting(services, change).forEach(c.queue()::add));
        nodes.listen(change -> {
            String before = change.previous() == null ? "" : zone(change.previous());
            if (!zone(change.object()).equals(before)) {
                services.keys().forEach(c.queue()::add);
            }
        });
        ours.listen(change -> c.queue().add(new Key(change.object().namespace(), change.object().labels().getOrDefault(Slices.SERVICE, ""))));
        Controller m = mirroring(services);
        Informer networks = cidrs.informer(Cidrs.CIDRS, Selection.ALL);
        Controller n = new Controller("service-cidrs", new Cidrs(cidrs, networks, InstantSource.system()), List.of(networks));
        networks.listen(change -> n.queue().add(Key.of(change.object())));
        controllers = List.of(c.start(2), m.start(1), n.start(1));
    }

    /** Of Endpoints only those that others write are looked at, and of those only that they changed. */
    private Controller mirroring(Informer services) {
        Informer foreign = mirror.informer(Resources.ENDPOINTS, Selection.ALL.labels("endpoints.kubernetes.io/managed-by!=endpoint-controller,"
                + Mirror.SKIP + "!=true")).metadataOnly();
        Informer mirrored = mirror.informer(Resources.ENDPOINT_SLICES, Selection.ALL.labels(Slices.MANAGED_BY + "=" + Mirror.MANAGER)).metadataOnly();
        mirrorEvents = mirror.events("endpoint-slice-mirroring-controller");
        Controller c = new Controller("endpointslicemirroring", new MirrorReconciler(mirror, services, mirrorEvents), List.of(services, foreign, mirrored));
        foreign.listen(change -> c.queue().add(Key.of(change.object())));
        mirrored.listen(change -> c.queue().add(new Key(change.object().namespace(), change.object().labels().getOrDefault(Slices.SERVICE, ""))));
        services.listen(change -> {
            if (foreign.get(Key.of(change.object())).isPresent()) {
                c.queue().add(Key.of(change.object()));
            }
        });
        return c;
    }

    private static String zone(Obj node) {
        return node.labels().getOrDefault(EndpointSliceReconciler.ZONE, "");
    }

    /** The Services that select a pod by the labels it has now or had before. */
    private static List<Key> selecting(Informer services, Informer.Change change) {
        return services.list(change.object().namespace()).stream().filter(service -> {
            Map<String, String> wanted = service.stringMap("spec", "selector");
            Selector s = Selector.of(wanted);
            return !wanted.isEmpty() && (s.matches(change.object().labels()) || change.previous() != null && s.matches(change.previous().labels()));
        }).map(Key::of).toList();
    }

    @Override
    public byte[] end() {
        List<Controller> all = controllers;
        all.forEach(Controller::stop);
        all.forEach(Controller::close);
        if (!all.isEmpty()) {
            events.close();
            mirrorEvents.close();
            controllers = List.of();
        }
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        return controllers.stream().allMatch(Controller::idle);
    }

    @Override
    public Health health() {
        List<Controller> all = controllers;
        return all.isEmpty() ? Health.IDLE : Controller.sum(all);
    }
}
