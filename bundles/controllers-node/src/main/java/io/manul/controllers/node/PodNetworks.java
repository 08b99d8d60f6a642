package io.manul.controllers.node;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives each node a /24 of the cluster's pod network, of an IPv6 network a /64 ({@code spec.podCIDRs}), once and for ever. One worker
 * only.
 */
final class PodNetworks implements Reconciler {

    private final Cluster cluster;
    private final Informer nodes;
    private final Events events;
    private final List<Ranges> networks;
    /** Given by us and not seen in the cache yet, by the node's uid. The worker's thread only. */
    private final Map<String, List<String>> given = new HashMap<>();

    PodNetworks(Cluster cluster, Informer nodes, String cidr, Events events) {
        this.events = events;
        this.cluster = cluster;
        this.nodes = nodes;
        this.networks = Stream.of(cidr.split(",")).map(c -> Ranges.of(c.strip())).toList();
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> node = nodes.get(key);
        List<Obj> all = nodes.list();
        given.keySet().retainAll(all.stream().filter(n -> n.text("spec", "podCIDR").isEmpty()).map(Obj::uid).toList());
        if (node.isEmpty() || !node.get().text("spec", "podCIDR").isEmpty() || given.containsKey(node.get().uid())) {
            return Outcome.SETTLED;
        }
        Set<String> taken = all.stream().flatMap(n -> Stream.concat(Stream.of(n.text("spec", "podCIDR")), n.strings("spec", "podCIDRs").stream()))
                .filter(c -> !c.isEmpty()).collect(Collectors.toSet());
        given.values().forEach(taken::addAll);
        List<String> cidrs = new ArrayList<>();
        for (Ranges network : networks) {
            Optional<String> cidr = network.free(taken);
            if (cidr.isEmpty()) {
                events.normal(node.get(), "CIDRNotAvailable", "Node " + key.name() + " status is now: CIDRNotAvailable");
                throw new ClusterException(507, "CIDRNotAvailable", "the cluster's pod network has no free /" + network.size() + " for node " + key.name()
                        + "; remove nodes that are gone, or give a larger --cluster-cidr", null);
            }
            cidrs.add(cidr.get());
        }
        cluster.patch(Resources.NODES, "", key.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("uid", node.get().uid()),
                "spec", Obj.of("podCIDR", cidrs.getFirst(), "podCIDRs", cidrs)));
        given.put(node.get().uid(), cidrs);
        return Outcome.SETTLED;
    }
}
