package io.manul.network.ingress;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** Where an Ingress is reached: the addresses of the node whose ports 80 and 443 answer (IngressStatus.loadBalancer). */
final class Statuses {

    private final Cluster cluster;
    private final String node;
    private final String nodeIp;

    Statuses(Cluster cluster, String node, String nodeIp) {
        this.cluster = cluster;
        this.node = node;
        this.nodeIp = nodeIp;
    }

    void write(List<Obj> ingresses) throws ClusterException, InterruptedException {
        List<Obj> addresses = addresses();
        for (Obj ingress : ingresses) {
            if (!ingress.objects("status", "loadBalancer", "ingress").equals(addresses)) {
                try {
                    cluster.patch(Resources.INGRESSES, ingress.namespace(), ingress.name(), "status", Patch.MERGE,
                            Obj.of("status", Obj.of("loadBalancer", Obj.of("ingress", addresses))));
                } catch (ClusterException e) {
                    if (e.code() != 404) {
                        throw e;
                    }
                }
            }
        }
    }

    /** External addresses, else internal ones. */
    private List<Obj> addresses() throws ClusterException, InterruptedException {
        Optional<Obj> found = cluster.get(Resources.NODES, "", node);
        for (String type : List.of("ExternalIP", "InternalIP")) {
            List<Obj> all = found.map(n -> n.objects("status", "addresses")).orElse(List.of()).stream()
                    .filter(a -> a.text("type").equals(type)).map(a -> Obj.of("ip", a.text("address"))).toList();
            if (!all.isEmpty()) {
                return all;
            }
        }
        return List.of(Obj.of("ip", nodeIp));
    }
}
