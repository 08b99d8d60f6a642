package io.manul.network.services;

import java.util.List;
import java.util.function.Predicate;

/**
 * Which endpoints traffic may go to from this node (Kubernetes, "Virtual IPs and Service Proxies"; KEP-1669 terminating
 * endpoints, KEP-2433 and KEP-4444 hints, KEP-2086 internal traffic policy). Pure.
 *
 * @param cluster  for traffic policy Cluster
 * @param local    for traffic policy Local
 * @param anywhere there is one that serves on some node
 */
record Reach(List<Endpoint> cluster, List<Endpoint> local, boolean anywhere) {

    /** @param zone of this node; empty when unknown */
    static Reach of(List<Endpoint> all, String node, String zone) {
        Predicate<Endpoint> preferred = preferred(all, node, zone);
        List<Endpoint> cluster = orFinishing(all, e -> e.ready() && preferred.test(e), e -> true);
        List<Endpoint> local = orFinishing(all, e -> e.ready() && e.local(), Endpoint::local);
        return new Reach(cluster, local, all.stream().anyMatch(e -> e.ready() || e.finishing()));
    }

    /** Ready ones; when there is none, those that still serve while they end. */
    private static List<Endpoint> orFinishing(List<Endpoint> all, Predicate<Endpoint> ready, Predicate<Endpoint> may) {
        List<Endpoint> chosen = all.stream().filter(ready).toList();
        return !chosen.isEmpty() ? chosen : all.stream().filter(e -> e.finishing() && may.test(e)).toList();
    }

    /** Hints count when every ready endpoint has them and one is for us. */
    private static Predicate<Endpoint> preferred(List<Endpoint> all, String node, String zone) {
        List<Endpoint> ready = all.stream().filter(Endpoint::ready).toList();
        if (!ready.isEmpty() && ready.stream().noneMatch(e -> e.nodes().isEmpty()) && ready.stream().anyMatch(e -> e.nodes().contains(node))) {
            return e -> e.nodes().contains(node);
        }
        if (!ready.isEmpty() && ready.stream().noneMatch(e -> e.zones().isEmpty()) && ready.stream().anyMatch(e -> e.zones().contains(zone))) {
            return e -> e.zones().contains(zone);
        }
        return e -> true;
    }
}
