package io.manul.controllers.network;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * ServiceCIDRs (networking.k8s.io/v1, KEP-1880): says that a network is ready to give addresses, and holds a deleted one until no
 * Service has an address that no other network has too.
 */
final class Cidrs implements Reconciler {

    static final Resource CIDRS = new Resource("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false);
    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Informer cidrs;
    private final InstantSource clock;

    Cidrs(Cluster cluster, Informer cidrs, InstantSource clock) {
        this.cluster = cluster;
        this.cidrs = cidrs;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = cidrs.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj cidr = found.get();
        List<Object> finalizers = cidr.list("metadata", "finalizers");
        if (!cidr.deleting()) {
            if (!finalizers.contains(FINALIZER)) {
                patch(key, "", Obj.of("metadata", Obj.of("resourceVersion", cidr.resourceVersion(), "finalizers", with(finalizers))));
            }
            ready(key, cidr, "True", "", "Kubernetes Service CIDR is ready");
            return Outcome.SETTLED;
        }
        if (!finalizers.contains(FINALIZER)) {
            return Outcome.SETTLED;
        }
        if (used(cidr)) {
            ready(key, cidr, "False", "Terminating", "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR");
            return new Outcome.Again(AGAIN, "Services have addresses of it");
        }
        patch(key, "", Obj.of("metadata", Obj.of("resourceVersion", cidr.resourceVersion(),
                "finalizers", finalizers.stream().filter(f -> !f.equals(FINALIZER)).toList())));
        return Outcome.SETTLED;
    }

    private static List<Object> with(List<Object> finalizers) {
        List<Object> all = new java.util.ArrayList<>(finalizers);
        all.add(FINALIZER);
        return all;
    }

    private void ready(Key key, Obj cidr, String status, String reason, String message) throws ClusterException, InterruptedException {
        Optional<Obj> now = cidr.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready")).findFirst();
        if (now.isEmpty() || !now.get().text("status").equals(status)) {
            patch(key, "status", Obj.of("status", Obj.of("conditions", List.of(Obj.of("type", "Ready", "status", status, "reason", reason,
                    "message", message, "lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())))));
        }
    }

    private void patch(Key key, String sub, Obj body) throws ClusterException, InterruptedException {
        cluster.patch(CIDRS, "", key.name(), sub, Patch.MERGE, body);
    }

    private boolean used(Obj cidr) throws ClusterException, InterruptedException {
        List<String> others = cidrs.list().stream().filter(c -> !c.deleting()).flatMap(c -> c.strings("spec", "cidrs").stream()).toList();
        return cluster.list(Resources.SERVICES, Selection.ALL).items().stream().flatMap(s -> s.strings("spec", "clusterIPs").stream())
                .filter(ip -> !ip.equals("None")).anyMatch(ip -> in(cidr.strings("spec", "cidrs"), ip) && !in(others, ip));
    }

    private static boolean in(List<String> networks, String ip) {
        return networks.stream().anyMatch(n -> {
            byte[] base = InetAddress.ofLiteral(n.substring(0, n.indexOf('/'))).getAddress();
            byte[] address = InetAddress.ofLiteral(ip).getAddress();
            int free = base.length * 8 - Integer.parseInt(n.substring(n.indexOf('/') + 1));
            return base.length == address.length && new BigInteger(1, base).shiftRight(free).equals(new BigInteger(1, address).shiftRight(free));
        });
    }
}
