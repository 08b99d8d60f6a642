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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Says that a silent node is Unknown, taints it, and has its pods marked not ready. */
final class LifecycleReconciler implements Reconciler {

    private static final List<String> CONDITIONS = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");
    /** A node that is not older is announced; others were before. */
    private static final Duration NEW = Duration.ofMinutes(1);

    private final Cluster cluster;
    private final Informer nodes;
    private final Informer pods;
    private final Heartbeats heartbeats;
    private final Events events;
    private final InstantSource clock;
    /** Whether a node was ready when it was last looked at. */
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    LifecycleReconciler(Cluster cluster, Informer nodes, Informer pods, Heartbeats heartbeats, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.pods = pods;
        this.heartbeats = heartbeats;
        this.events = events;
        this.clock = clock;
    }

    private String now() {
        return Instant.ofEpochMilli(clock.millis()).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = nodes.get(key);
        if (found.isEmpty()) {
            known.remove(key.name());
            return Outcome.SETTLED;
        }
        Obj node = found.get();
        Duration left = heartbeats.left(key.name());
        boolean silent = left.isZero() || left.isNegative();
        if (silent) {
            node = unknown(node);
        }
        taint(node);
        pods(node, silent);
        // a silent node comes back with a change of its status; any other is due by the time that is left
        return silent ? Outcome.SETTLED : new Outcome.Again(left.plusMillis(10), "the next heartbeat is due");
    }

    /** The pods of a node that is not ready any more are not ready either: once each time, the kubelet has the last word. */
    private void pods(Obj node, boolean silent) throws ClusterException, InterruptedException {
        boolean ready = NodeTaints.status(node, "Ready").equals("True");
        Boolean before = known.get(node.name());
        if (before == null) {
            registered(node);
        }
        if (!ready && (before == null ? silent : before)) {
            podsNotReady(node);
        }
        known.put(node.name(), ready);
    }

    private void registered(Obj node) {
        String made = node.text("metadata", "creationTimestamp");
        if (!made.isEmpty() && Instant.parse(made).plus(NEW).isAfter(clock.instant())) {
            events.normal(node, "RegisteredNode", "Node " + node.name() + " event: Registered Node " + node.name() + " in Controller");
        }
    }

    /** Every condition of a silent node becomes Unknown. */
    private Obj unknown(Obj node) throws ClusterException, InterruptedException {
        List<Obj> changed = new ArrayList<>();
        for (String type : CONDITIONS) {
            Optional<Obj> was = node.objects("status", "conditions").stream().filter(c -> c.text("type").equals(type)).findFirst();
            if (was.isEmpty() || !was.get().text("status").equals("Unknown")) {
                changed.add(Obj.of("type", type, "status", "Unknown", "reason", was.isEmpty() ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
                        "message", was.isEmpty() ? "Kubelet never posted node status." : "Kubelet stopped posting node status.",
                        "lastHeartbeatTime", was.flatMap(c -> c.string("lastHeartbeatTime")).orElse(node.text("metadata", "creationTimestamp")),
                        "lastTransitionTime", now()));
            }
        }
        if (changed.isEmpty()) {
            return node;
        }
        if (changed.stream().anyMatch(c -> c.text("type").equals("Ready"))) {
            events.normal(node, "NodeNotReady", "Node " + node.name() + " status is now: NodeNotReady");
        }
        return cluster.patch(Resources.NODES, "", node.name(), "status", Patch.STRATEGIC, Obj.of("status", Obj.of("conditions", changed)));
    }

    private void taint(Obj node) throws ClusterException, InterruptedException {
        List<Obj> wanted = NodeTaints.of(node, now());
        if (!wanted.equals(node.objects("spec", "taints"))) {
            cluster.patch(Resources.NODES, "", node.name(), "", Patch.MERGE, Obj.of("metadata",
                    Obj.of("resourceVersion", node.resourceVersion()), "spec", Obj.of("taints", wanted)));
        }
    }

    private void podsNotReady(Obj node) throws ClusterException, InterruptedException {
        for (Obj pod : pods.byIndex("node", node.name())) {
            Optional<Obj> ready = pod.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready")).findFirst();
            if (ready.isPresent() && ready.get().text("status").equals("True")) {
                cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "status", Patch.STRATEGIC, Obj.of("metadata", Obj.of("uid", pod.uid()),
                        "status", Obj.of("conditions", List.of(Obj.of("type", "Ready", "status", "False", "lastTransitionTime", now())))));
                events.warning(pod, "NodeNotReady", "Node is not ready");
            }
        }
    }
}
