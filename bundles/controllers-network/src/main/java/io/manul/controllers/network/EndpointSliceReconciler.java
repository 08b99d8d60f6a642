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
import io.manul.model.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps a Service's EndpointSlices and Endpoints in line with its pods. */
final class EndpointSliceReconciler implements Reconciler {

    private final Cluster cluster;
    private final Cluster endpoints;
    private final Informer services;
    private final Informer pods;
    private final Events events;

    EndpointSliceReconciler(Cluster cluster, Cluster endpoints, Informer services, Informer pods, Events events) {
        this.cluster = cluster;
        this.endpoints = endpoints;
        this.services = services;
        this.pods = pods;
        this.events = events;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> service = services.get(key);
        if (service.isEmpty() || service.get().deleting()) {
            return Outcome.SETTLED; // garbage collection follows the owner reference
        }
        if (service.get().at("spec", "selector").isEmpty() || service.get().text("spec", "type").equals("ExternalName")) {
            return Outcome.SETTLED; // somebody else writes its endpoints
        }
        Selector selector = Selector.of(service.get().stringMap("spec", "selector"));
        List<Obj> selected = pods.list(key.namespace()).stream().filter(p -> selector.matches(p.labels())).toList();
        List<Slices.Slice> wanted = Slices.of(service.get(), selected);
        try {
            slices(service.get(), wanted);
            old(service.get(), wanted);
        } catch (ClusterException e) {
            if (e.code() == 403 && e.getMessage().contains("being terminated")) {
                return Outcome.SETTLED; // the namespace goes, and the Service with it
            }
            if (!e.conflict() && !e.alreadyExists()) {
                events.warning(service.get(), "FailedToUpdateEndpointSlices",
                        "Error updating Endpoint Slices for Service " + key + ": " + e.getMessage());
            }
            throw e;
        }
        return Outcome.SETTLED;
    }

    /** Existing slices are kept where their ports fit; what is left over goes. */
    private void slices(Obj service, List<Slices.Slice> wanted) throws ClusterException, InterruptedException {
        List<Obj> there = new ArrayList<>(cluster.list(Resources.ENDPOINT_SLICES, Selection.in(service.namespace()).labels(Slices.SERVICE + "="
                + service.name() + "," + Slices.MANAGED_BY + "=" + Slices.MANAGER)).items());
        for (Slices.Slice slice : wanted) {
            Obj target = Slices.object(service, slice);
            Optional<Obj> same = there.stream().filter(s -> s.objects("ports").equals(target.objects("ports"))).findFirst()
                    .or(() -> there.stream().findFirst());
            if (same.isEmpty()) {
                cluster.create(Resources.ENDPOINT_SLICES, service.namespace(), target);
                continue;
            }
            there.remove(same.get());
            Obj now = same.get();
            boolean equal = now.objects("ports").equals(target.objects("ports")) && now.objects("endpoints").equals(target.objects("endpoints"))
                    && now.labels().equals(target.labels());
            if (!equal) {
                now.put("endpoints", target.objects("endpoints")).put("ports", target.objects("ports"));
                now.set(target.at("metadata", "labels"), "metadata", "labels");
                cluster.update(Resources.ENDPOINT_SLICES, service.namespace(), now);
            }
        }
        for (Obj left : there) {
            cluster.delete(Resources.ENDPOINT_SLICES, service.namespace(), left.name());
        }
    }

    private void old(Obj service, List<Slices.Slice> wanted) throws ClusterException, InterruptedException {
        List<Obj> subsets = Slices.subsets(wanted);
        Optional<Obj> there = endpoints.get(Resources.ENDPOINTS, service.namespace(), service.name());
        if (there.isEmpty()) {
            Obj labels = Obj.of("endpoints.kubernetes.io/managed-by", "endpoint-controller");
            service.labels().forEach(labels::put);
            endpoints.create(Resources.ENDPOINTS, service.namespace(), Obj.of("apiVersion", "v1", "kind", "Endpoints",
                    "metadata", Obj.of("name", service.name(), "namespace", service.namespace(), "labels", labels,
                            "ownerReferences", List.of(Obj.of("apiVersion", "v1", "kind", "Service", "name", service.name(),
                                    "uid", service.uid(), "controller", true, "blockOwnerDeletion", true))),
                    "subsets", subsets));
        } else if (!there.get().objects("subsets").equals(subsets)) {
            endpoints.update(Resources.ENDPOINTS, service.namespace(), there.get().put("subsets", subsets));
        }
    }
}
