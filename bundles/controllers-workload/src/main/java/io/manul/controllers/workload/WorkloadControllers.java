package io.manul.controllers.workload;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.controllers.workload.deployment.Deployments;
import io.manul.controllers.workload.replicaset.ReplicaSets;
import io.manul.controllers.workload.replicationcontroller.ReplicationControllers;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The workload controllers' life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class WorkloadControllers implements Component {

    private final Cluster deployments;
    private final Cluster replicaSets;
    private final Cluster replicationControllers;
    private final InstantSource clock;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private List<Events> events = List.of();

    @Activate
    public WorkloadControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this(clusters, InstantSource.system());
    }

    public WorkloadControllers(Clusters clusters, InstantSource clock) {
        this.deployments = clusters.controller("deployment-controller", "controllers-workload");
        this.replicaSets = clusters.controller("replicaset-controller", "controllers-workload");
        this.replicationControllers = clusters.controller("replication-controller", "controllers-workload");
        this.clock = clock;
    }

    @Override
    public String name() {
        return "controllers-workload";
    }

    @Override
    public void begin(byte[] state) {
        Events d = deployments.events("deployment-controller");
        Events r = replicaSets.events("replicaset-controller");
        Events c = replicationControllers.events("replication-controller");
        events = List.of(d, r, c);
        Informers informers = Informers.of(deployments);
        List<Controller> made = List.of(Deployments.controller(deployments, informers, d, clock),
                ReplicaSets.controller(replicaSets, informers, r, clock),
                ReplicationControllers.controller(replicationControllers, informers.pods(), c, clock));
        made.forEach(m -> m.start(3));
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
