package io.manul.controllers.workload;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.owner.Owners;

/** The caches that both controllers of this bundle look into: one copy of each. */
public record Informers(Informer deployments, Informer sets, Informer pods) {

    static Informers of(Cluster cluster) {
        return new Informers(cluster.informer(Resources.DEPLOYMENTS, Selection.ALL),
                cluster.informer(Resources.REPLICA_SETS, Selection.ALL).index(Owners.INDEX, Owners::index),
                cluster.informer(Resources.PODS, Selection.ALL).index(Owners.INDEX, Owners::index));
    }
}
