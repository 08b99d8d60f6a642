package io.manul.controllers.network;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.json.Obj;

/** Carries a plan out. */
record SliceWriter(Cluster cluster) {

    void write(String namespace, SlicePlan plan) throws ClusterException, InterruptedException {
        for (Obj slice : plan.create) {
            cluster.create(Resources.ENDPOINT_SLICES, namespace, slice);
        }
        for (Obj slice : plan.update) {
            cluster.update(Resources.ENDPOINT_SLICES, namespace, slice);
        }
        for (Obj slice : plan.delete) {
            cluster.delete(Resources.ENDPOINT_SLICES, namespace, slice.name());
        }
    }
}
