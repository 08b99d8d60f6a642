package io.manul.heartbeat;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Renews Leases in {@code kube-node-lease} as a kubelet does: 40 s, owned by the node (Kubernetes, "Leases"). */
final class Leases {

    private static final String NAMESPACE = "kube-node-lease";
    private static final int SECONDS = 40;
    /** MicroTime. */
    private static final DateTimeFormatter MICRO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Cluster cluster;

    Leases(Cluster cluster) {
        this.cluster = cluster;
    }

    /** False when there is no such node (yet): a Lease is not made for it. */
    boolean renew(String node, Instant at) throws ClusterException, InterruptedException {
        Obj spec = Obj.of("holderIdentity", node, "leaseDurationSeconds", SECONDS, "renewTime", MICRO.format(at));
        try {
            cluster.patch(Resources.LEASES, NAMESPACE, node, "", Patch.MERGE, Obj.of("spec", spec));
            return true;
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
        Optional<Obj> owner = cluster.get(Resources.NODES, "", node);
        if (owner.isEmpty()) {
            return false;
        }
        Obj meta = Obj.of("name", node, "namespace", NAMESPACE, "ownerReferences",
                List.of(Obj.of("apiVersion", "v1", "kind", "Node", "name", node, "uid", owner.get().uid())));
        try {
            cluster.create(Resources.LEASES, NAMESPACE, Obj.of("apiVersion", "coordination.k8s.io/v1", "kind", "Lease", "metadata", meta, "spec", spec));
        } catch (ClusterException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
        return true;
    }
}
