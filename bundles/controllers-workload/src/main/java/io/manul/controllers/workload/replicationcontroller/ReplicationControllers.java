package io.manul.controllers.workload.replicationcontroller;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.owner.Owners;
import io.manul.controllers.workload.replicaset.Family;
import io.manul.controllers.workload.replicaset.ReplicaSets;
import java.time.InstantSource;

/** The ReplicationController controller: a ReplicaSet's, for the older kind with its plain selector (v1). */
public final class ReplicationControllers {

    private ReplicationControllers() {
    }

    /** Not started. */
    public static Controller controller(Cluster cluster, Informer pods, Events events, InstantSource clock) {
        Informer sets = cluster.informer(Resources.REPLICATION_CONTROLLERS, Selection.ALL).index(Owners.INDEX, Owners::index);
        return ReplicaSets.controller("replicationcontroller", cluster, new Family(Resources.REPLICATION_CONTROLLERS, sets, pods), events, clock);
    }
}
