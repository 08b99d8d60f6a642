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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps a Service's EndpointSlices and Endpoints in line with its pods. */
final class EndpointSliceReconciler implements Reconciler {

    static final String ZONE = "topology.kubernetes.io/zone";

    private final Cluster cluster;
    private final Cluster endpoints;
    private final Informer services;
    private final Informer pods;
    private final Informer nodes;
    private final Events events;

    EndpointSliceReconciler(Cluster cluster, Cluster endpoints, Informer services, Informer pods, Informer nodes, Events events) {
        this.cluster = cluster;
        this.endpoints = endpoints;
        this.services = services;
        this.pods = pods;
        this.nodes = nodes;
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
        try {
            slices(service.get(), selected);
            old(service.get(), selected);
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

    private String zone(String node) {
        return node.isEmpty() ? "" : nodes.get(new Key("", node)).map(n -> n.labels().getOrDefault(ZONE, "")).orElse("");
    }

    /** What is there is asked of the API itself: a slice that a cache does not show yet would be made twice. */
    private void slices(Obj service, List<Obj> selected) throws ClusterException, InterruptedException {
        List<Obj> there = cluster.list(Resources.ENDPOINT_SLICES, Selection.in(service.namespace()).labels(Slices.SERVICE + "="
                + service.name() + "," + Slices.MANAGED_BY + "=" + Slices.MANAGER)).items();
        Map<String, String> since = new HashMap<>();
        selected.forEach(p -> since.put(p.uid(), PodEndpoint.since(p)));
        Hints hints = Hints.of(service, cluster, events);
        List<String> families = Slices.families(service);
        for (String family : families) {
            Map<List<Obj>, List<Obj>> wanted = Slices.endpoints(service, selected, family, this::zone);
            hints.add(wanted);
            SliceOwner owner = SliceOwner.service(service, family, since);
            new SliceWriter(cluster).write(service.namespace(), SlicePlan.of(owner, wanted, owner.mine(there)));
        }
        for (Obj slice : there) {
            if (!families.contains(slice.text("addressType")) && !slice.deleting()) {
                cluster.delete(Resources.ENDPOINT_SLICES, service.namespace(), slice.name());
            }
        }
    }

    private void old(Obj service, List<Obj> selected) throws ClusterException, InterruptedException {
        Obj target = OldEndpoints.of(service, Slices.endpoints(service, selected, Slices.families(service).getFirst(), this::zone));
        Optional<Obj> there = endpoints.get(Resources.ENDPOINTS, service.namespace(), service.name());
        if (there.isEmpty()) {
            SliceOwner.trigger(target, service.text("metadata", "creationTimestamp"));
            endpoints.create(Resources.ENDPOINTS, service.namespace(), target);
            return;
        }
        Obj now = there.get();
        if (!now.objects("subsets").equals(target.objects("subsets")) || !now.labels().equals(target.labels())) {
            Obj next = now.copy().put("subsets", target.objects("subsets"));
            next.set(target.at("metadata", "labels"), "metadata", "labels");
            next.set(target.objects("metadata", "ownerReferences"), "metadata", "ownerReferences");
            SliceOwner.trigger(next, selected.stream().map(PodEndpoint::since).filter(t -> !t.isEmpty()).max(Comparator.naturalOrder()).orElse(""));
            overCapacity(next, target);
            endpoints.update(Resources.ENDPOINTS, service.namespace(), next);
        }
    }

    private static void overCapacity(Obj next, Obj target) {
        String cut = target.text("metadata", "annotations", OldEndpoints.OVER_CAPACITY);
        if (cut.isEmpty()) {
            next.remove("metadata", "annotations", OldEndpoints.OVER_CAPACITY);
        } else {
            next.set(cut, "metadata", "annotations", OldEndpoints.OVER_CAPACITY);
        }
    }
}
