package io.manul.controllers.autoscale;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.autoscale.horizontal.Autoscalers;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class AutoscaleControllers implements Component {

    private static final String ROOM = "controllers-autoscale";

    private final Clusters clusters;
    private final InstantSource clock;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private List<Events> events = List.of();

    @Activate
    public AutoscaleControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this(clusters, InstantSource.system());
    }

    public AutoscaleControllers(Clusters clusters, InstantSource clock) {
        this.clusters = clusters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return ROOM;
    }

    @Override
    public void begin(byte[] state) {
        Cluster cluster = clusters.controller("horizontal-pod-autoscaler", ROOM);
        Events ours = cluster.events("horizontal-pod-autoscaler");
        events = List.of(ours);
        controllers = List.of(Autoscalers.controller(cluster, cluster.informer(Resources.HORIZONTAL_POD_AUTOSCALERS, Selection.ALL), ours,
                clock).start(2));
    }

    @Override
    public byte[] end() {
        controllers.forEach(Controller::stop);
        controllers.forEach(Controller::close);
        controllers = List.of();
        events.forEach(Events::close);
        events = List.of();
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on; the next look waits for its time. */
    boolean idle() {
        return controllers.stream().allMatch(Controller::idle);
    }

    /** Looks at once: for a test, whose time passes when it says. */
    List<Controller> controllers() {
        return controllers;
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
