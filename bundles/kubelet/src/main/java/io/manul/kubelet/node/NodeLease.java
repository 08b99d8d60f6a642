package io.manul.kubelet.node;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this node's Lease every 10 s for 40 s (Kubernetes, "Node heartbeats"). Only one renews it: the room "heartbeat" does
 * when heartbeats travel by MQTT. One virtual thread.
 */
public final class NodeLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final String NAMESPACE = "kube-node-lease";
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int SECONDS = 40;
    private static final DateTimeFormatter MICRO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Cluster cluster;
    private final String node;
    private final InstantSource clock;
    private Thread thread;
    /** As last read or written; the loop's thread only. */
    private Obj lease;

    public NodeLease(Cluster cluster, String node, InstantSource clock) {
        this.cluster = cluster;
        this.node = node;
        this.clock = clock;
    }

    public void start() {
        thread = Thread.ofVirtual().name("kubelet-lease").start(this::run);
    }

    private void run() {
        boolean well = true;
        try {
            for (;;) {
                try {
                    renew();
                    well = true;
                    Thread.sleep(EVERY);
                } catch (ClusterException e) {
                    lease = null;
                    if (well && !e.conflict()) {
                        LOG.warn("Lease not renewed; tried again node={} why={}", node, e.getMessage());
                    }
                    well = false;
                    Thread.sleep(RETRY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() throws ClusterException, InterruptedException {
        if (lease == null) {
            lease = cluster.get(Resources.LEASES, NAMESPACE, node).orElse(null);
        }
        String now = MICRO.format(clock.instant());
        if (lease == null) {
            Optional<Obj> owner = cluster.get(Resources.NODES, "", node);
            Obj meta = Obj.of("name", node, "namespace", NAMESPACE);
            owner.ifPresent(o -> meta.put("ownerReferences", java.util.List.of(
                    Obj.of("apiVersion", "v1", "kind", "Node", "name", node, "uid", o.uid()))));
            lease = cluster.create(Resources.LEASES, NAMESPACE, Obj.of("metadata", meta, "spec",
                    Obj.of("holderIdentity", node, "leaseDurationSeconds", SECONDS, "renewTime", now)));
            return;
        }
        lease.set(node, "spec", "holderIdentity").set(SECONDS, "spec", "leaseDurationSeconds").set(now, "spec", "renewTime");
        lease = cluster.update(Resources.LEASES, NAMESPACE, lease);
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
