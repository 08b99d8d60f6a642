package io.manul.controllers.policy;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.policy.budget.PodDisruptionBudgets;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class PolicyControllers implements Component {

    private static final String ROOM = "controllers-policy";

    private final Clusters clusters;
    private final InstantSource clock;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private List<AutoCloseable> others = List.of();

    @Activate
    public PolicyControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this(clusters, InstantSource.system());
    }

    public PolicyControllers(Clusters clusters, InstantSource clock) {
        this.clusters = clusters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return ROOM;
    }

    @Override
    public void begin(byte[] state) {
        Cluster cluster = clusters.controller("disruption-controller", ROOM);
        Events events = cluster.events("controllermanager");
        Informer budgets = cluster.informer(Resources.POD_DISRUPTION_BUDGETS, Selection.ALL);
        Informer pods = cluster.informer(Resources.PODS, Selection.ALL);
        List<Controller> made = PodDisruptionBudgets.controllers(cluster, budgets, pods, events, clock);
        others = List.of(pods, events);
        made.forEach(c -> c.start(1));
        controllers = made;
    }

    @Override
    public byte[] end() throws Exception {
        controllers.forEach(Controller::stop);
        controllers.forEach(Controller::close);
        controllers = List.of();
        for (AutoCloseable other : others) {
            other.close();
        }
        others = List.of();
        return new byte[0];
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
