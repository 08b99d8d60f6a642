package io.manul.controllers.network;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** Keeps mirrored slices in line with the Endpoints that somebody else writes for a Service without a selector. */
final class MirrorReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informer services;
    private final Events events;

    MirrorReconciler(Cluster cluster, Informer services, Events events) {
        this.cluster = cluster;
        this.services = services;
        this.events = events;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        List<Obj> there = cluster.list(Resources.ENDPOINT_SLICES, Selection.in(key.namespace()).labels(Slices.SERVICE + "="
                + key.name() + "," + Slices.MANAGED_BY + "=" + Mirror.MANAGER)).items();
        Optional<Obj> endpoints = cluster.get(Resources.ENDPOINTS, key.namespace(), key.name());
        Optional<Obj> service = services.get(key);
        if (endpoints.isEmpty() || service.isEmpty() || !Mirror.wanted(endpoints.get(), service.get())) {
            for (Obj slice : there) {
                cluster.delete(Resources.ENDPOINT_SLICES, key.namespace(), slice.name());
            }
            return Outcome.SETTLED;
        }
        try {
            for (String type : List.of("IPv4", "IPv6")) {
                SliceOwner owner = Mirror.owner(endpoints.get(), type);
                new SliceWriter(cluster).write(key.namespace(), SlicePlan.of(owner, Mirror.endpoints(endpoints.get(), type), owner.mine(there)));
            }
        } catch (ClusterException e) {
            if (e.code() == 403 && e.getMessage().contains("being terminated")) {
                return Outcome.SETTLED;
            }
            if (!e.conflict()) {
                events.warning(endpoints.get().put("apiVersion", "v1").put("kind", "Endpoints"), "FailedToUpdateEndpointSlices",
                        "Error updating Endpoint Slices for Endpoints " + key + ": " + e.getMessage());
            }
            throw e;
        }
        return Outcome.SETTLED;
    }
}
