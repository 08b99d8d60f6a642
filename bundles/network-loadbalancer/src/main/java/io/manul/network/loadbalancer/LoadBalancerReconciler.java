package io.manul.network.loadbalancer;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes {@code status.loadBalancer.ingress}; the addresses are answered by every node's Service rules. One worker. */
final class LoadBalancerReconciler implements Reconciler {

    private final Cluster cluster;
    private final Informer services;
    private final Informer nodes;
    private final Events events;
    private final Map<String, String> ours;
    private final Map<Key, String> said = new HashMap<>();

    LoadBalancerReconciler(Cluster cluster, Informer services, Informer nodes, Events events, Map<String, String> ours) {
        this.cluster = cluster;
        this.services = services;
        this.nodes = nodes;
        this.events = events;
        this.ours = ours;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> service = services.get(key);
        if (service.isEmpty() || !LbPlan.wanted(service.get())) {
            said.remove(key);
            return Outcome.SETTLED;
        }
        List<LbNode> all = nodes.list().stream().map(LbNode::of).toList();
        LbPlan.Place place = new LbPlan(all, ours).places(services.list()).getOrDefault(key, new LbPlan.Place(Set.of(), ""));
        Optional<Set<String>> serving = serving(service.get());
        List<LbNode> chosen = all.stream().filter(n -> place.nodes().contains(n.name()) && serving.map(s -> s.contains(n.name())).orElse(true)).toList();
        List<String> now = service.get().objects("status", "loadBalancer", "ingress").stream().map(i -> i.text("ip")).toList();
        List<String> wanted = LbPlan.addresses(service.get(), chosen);
        if (!now.equals(wanted)) {
            write(key, wanted);
        }
        say(service.get(), key, place.taken(), now, wanted);
        return Outcome.SETTLED;
    }

    /** With externalTrafficPolicy Local only nodes with ready endpoints answer. */
    private Optional<Set<String>> serving(Obj service) throws ClusterException, InterruptedException {
        if (!service.text("spec", "externalTrafficPolicy").equals("Local")) {
            return Optional.empty();
        }
        return Optional.of(cluster.list(Resources.ENDPOINT_SLICES, Selection.in(service.namespace()).labels("kubernetes.io/service-name=" + service.name()))
                .items().stream().flatMap(s -> s.objects("endpoints").stream()).filter(e -> !Boolean.FALSE.equals(e.get("conditions", "ready")))
                .map(e -> e.text("nodeName")).collect(Collectors.toSet()));
    }

    private void write(Key key, List<String> ips) throws ClusterException, InterruptedException {
        List<Obj> ingress = ips.stream().map(ip -> Obj.of("ip", ip, "ipMode", "VIP")).toList();
        Obj balancer = ingress.isEmpty() ? Obj.of() : Obj.of("ingress", ingress);
        cluster.patch(Resources.SERVICES, key.namespace(), key.name(), "status", Patch.JSON,
                List.of(Obj.of("op", "add", "path", "/status/loadBalancer", "value", balancer)));
    }

    private void say(Obj service, Key key, String taken, List<String> before, List<String> now) {
        Obj about = service.put("apiVersion", "v1").put("kind", "Service");
        if (!before.equals(now) && !now.isEmpty()) {
            events.normal(about, "UpdatedLoadBalancer", "Updated LoadBalancer with new IPs: " + before + " -> " + now);
        }
        String trouble = !taken.isEmpty() ? (now.isEmpty() ? "LoadBalancer is not available: " : "LoadBalancer is not available on some nodes: ") + taken
                : now.isEmpty() ? "LoadBalancer is not available: no node has " + (service.text("spec", "externalTrafficPolicy").equals("Local")
                        ? "a ready endpoint (externalTrafficPolicy is Local)" : "an address for it (node labels " + LbNode.ENABLE + " and " + LbNode.POOL + ", Ready)") : "";
        if (!trouble.equals(said.put(key, trouble)) && !trouble.isEmpty()) {
            events.warning(about, "UnAvailableLoadBalancer", trouble);
        }
    }
}
