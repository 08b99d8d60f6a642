package io.manul.controllers.sets;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.owner.Owners;
import io.manul.controllers.sets.daemonset.DaemonSets;
import io.manul.controllers.sets.statefulset.StatefulSets;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class SetControllers implements Component {

    private static final int WORKERS = 3;

    private final Cluster statefulSets;
    private final Cluster daemonSets;
    private final InstantSource clock;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private List<Events> events = List.of();

    @Activate
    public SetControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this(clusters, InstantSource.system());
    }

    public SetControllers(Clusters clusters, InstantSource clock) {
        this.statefulSets = clusters.controller("statefulset-controller", "controllers-sets");
        this.daemonSets = clusters.controller("daemon-set-controller", "controllers-sets");
        this.clock = clock;
    }

    @Override
    public String name() {
        return "controllers-sets";
    }

    @Override
    public void begin(byte[] state) {
        Events s = statefulSets.events("statefulset-controller");
        Events d = daemonSets.events("daemonset-controller");
        events = List.of(s, d);
        Informer pods = statefulSets.informer(Resources.PODS, Selection.ALL).index(Owners.INDEX, Owners::index);
        Informer revisions = statefulSets.informer(Resources.CONTROLLER_REVISIONS, Selection.ALL).index(Owners.INDEX, Owners::index);
        List<Controller> made = List.of(StatefulSets.controller(statefulSets, pods, revisions, s, clock),
                DaemonSets.controller(daemonSets, pods, revisions, d, clock));
        made.forEach(c -> c.start(WORKERS));
        controllers = made;
    }

    @Override
    public byte[] end() {
        controllers.forEach(Controller::stop);
        controllers.forEach(Controller::close);
        events.forEach(Events::close);
        controllers = List.of();
        events = List.of();
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    public boolean idle() {
        return controllers.stream().allMatch(Controller::idle);
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
