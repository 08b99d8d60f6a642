package io.manul.network.dns;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps Service kube-dns and ConfigMap coredns in the API. Every server does; who comes second finds nothing to do. */
final class Keeper implements Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    static final Key SERVICE = new Key(Objects.NAMESPACE, Objects.SERVICE);
    static final Key CONFIG = new Key(Objects.NAMESPACE, Objects.CONFIG);

    private final Cluster cluster;
    private final String address;
    private final Informer nodes;
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    Keeper(Cluster cluster, String address, Informer nodes) {
        this.cluster = cluster;
        this.address = address;
        this.nodes = nodes;
    }

    void node(Informer.Change change) {
        if (change.kind() == Informer.Kind.DELETED) {
            gone.add(change.object().name());
        } else {
            gone.remove(change.object().name());
        }
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        if (key.equals(SERVICE)) {
            service();
        } else {
            config();
        }
        return Outcome.SETTLED;
    }

    private void service() throws ClusterException, InterruptedException {
        Optional<Obj> now = cluster.get(Resources.SERVICES, Objects.NAMESPACE, Objects.SERVICE);
        if (now.isEmpty()) {
            cluster.create(Resources.SERVICES, Objects.NAMESPACE, Objects.service(address));
        } else if (!Objects.ours(now.get())) {
            LOG.warn("Service kube-system/kube-dns belongs to another DNS and is left as it is; names are answered at the cluster DNS address "
                    + "nevertheless, unless --disable coredns address={}", address);
        }
    }

    private void config() throws ClusterException, InterruptedException {
        Set<String> lines = NodeHosts.lines(nodes.list());
        Optional<Obj> now = cluster.get(Resources.CONFIG_MAPS, Objects.NAMESPACE, Objects.CONFIG);
        if (now.isEmpty()) {
            cluster.create(Resources.CONFIG_MAPS, Objects.NAMESPACE, Objects.config(NodeHosts.merged("", lines, gone)));
            return;
        }
        String before = now.get().text("data", "NodeHosts");
        String after = NodeHosts.merged(before, lines, gone);
        if (!after.equals(before)) {
            cluster.patch(Resources.CONFIG_MAPS, Objects.NAMESPACE, Objects.CONFIG, "", Patch.MERGE, Obj.of(
                    "metadata", Obj.of("resourceVersion", now.get().resourceVersion()), "data", Obj.of("NodeHosts", after)));
        }
    }

    /** Takes our objects away: another DNS is wanted. */
    void remove() throws ClusterException, InterruptedException {
        Optional<Obj> service = cluster.get(Resources.SERVICES, Objects.NAMESPACE, Objects.SERVICE);
        if (service.isPresent() && Objects.ours(service.get())) {
            cluster.delete(Resources.SERVICES, Objects.NAMESPACE, Objects.SERVICE);
        }
        Optional<Obj> config = cluster.get(Resources.CONFIG_MAPS, Objects.NAMESPACE, Objects.CONFIG);
        if (config.isPresent() && Objects.ours(config.get())) {
            cluster.delete(Resources.CONFIG_MAPS, Objects.NAMESPACE, Objects.CONFIG);
        }
    }
}
