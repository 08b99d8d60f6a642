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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Gives each node a /24 of the cluster's pod network ({@code spec.podCIDR}), once and for ever. One worker only. */
final class PodNetworks implements Reconciler {

    private static final int NODE_BITS = 24;

    private final Cluster cluster;
    private final Informer nodes;
    private final Events events;
    private final long base;
    private final int bits;
    /** Given by us and not seen in the cache yet, by the node's uid. The worker's thread only. */
    private final Map<String, String> given = new HashMap<>();

    PodNetworks(Cluster cluster, Informer nodes, String cidr, Events events) {
        this.events = events;
        this.cluster = cluster;
        this.nodes = nodes;
        String[] parts = cidr.split("/");
        this.bits = Integer.parseInt(parts[1]);
        long n = 0;
        for (String octet : parts[0].split("\\.")) {
            n = n << 8 | Integer.parseInt(octet);
        }
        this.base = n;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> node = nodes.get(key);
        List<Obj> all = nodes.list();
        given.keySet().retainAll(all.stream().filter(n -> n.text("spec", "podCIDR").isEmpty()).map(Obj::uid).toList());
        if (node.isEmpty() || !node.get().text("spec", "podCIDR").isEmpty() || given.containsKey(node.get().uid())) {
            return Outcome.SETTLED;
        }
        Set<String> taken = all.stream().map(n -> n.text("spec", "podCIDR")).filter(c -> !c.isEmpty()).collect(Collectors.toSet());
        taken.addAll(given.values());
        Optional<String> cidr = free(taken);
        if (cidr.isEmpty()) {
            events.normal(node.get(), "CIDRNotAvailable", "Node " + key.name() + " status is now: CIDRNotAvailable");
            throw new ClusterException(507, "CIDRNotAvailable", "the cluster's pod network has no free /" + NODE_BITS + " for node " + key.name()
                    + "; remove nodes that are gone, or give a larger --cluster-cidr", null);
        }
        cluster.patch(Resources.NODES, "", key.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("uid", node.get().uid()),
                "spec", Obj.of("podCIDR", cidr.get(), "podCIDRs", List.of(cidr.get()))));
        given.put(node.get().uid(), cidr.get());
        return Outcome.SETTLED;
    }

    private Optional<String> free(Set<String> taken) {
        int size = Math.max(NODE_BITS, bits);
        for (long i = 0; i < 1L << size - bits; i++) {
            long n = base + (i << 32 - size);
            String cidr = (n >> 24 & 255) + "." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255) + "/" + size;
            if (!taken.contains(cidr)) {
                return Optional.of(cidr);
            }
        }
        return Optional.empty();
    }
}
