package io.manul.controllers.node;

import io.manul.json.Obj;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * When each node was last heard of, by our own monotonic clock: a change of its Lease or of its Ready condition counts at
 * the moment we see it, so clocks of nodes do not matter, and nodes get a whole grace period after our start. Not
 * thread-safe: guarded by its monitor.
 */
final class Heartbeats {

    /** --node-monitor-grace-period of v1.36. */
    static final Duration GRACE = Duration.ofSeconds(50);

    private record Seen(String renewTime, String heartbeat, long at) {
    }

    private final LongSupplier nanos;
    private final Map<String, Seen> nodes = new HashMap<>();

    Heartbeats(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized void lease(String node, String renewTime) {
        Seen s = nodes.getOrDefault(node, new Seen("", "", nanos.getAsLong()));
        if (!s.renewTime.equals(renewTime)) {
            nodes.put(node, new Seen(renewTime, s.heartbeat, nanos.getAsLong()));
        }
    }

    synchronized void node(Obj node) {
        String heartbeat = node.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready"))
                .filter(c -> !c.text("reason").equals("NodeStatusUnknown")).map(c -> c.text("lastHeartbeatTime")).findFirst().orElse("");
        Seen s = nodes.getOrDefault(node.name(), new Seen("", "", nanos.getAsLong()));
        if (!s.heartbeat.equals(heartbeat) || !nodes.containsKey(node.name())) {
            nodes.put(node.name(), new Seen(s.renewTime, heartbeat, nanos.getAsLong()));
        }
    }

    synchronized void gone(String node) {
        nodes.remove(node);
    }

    /** Time left until the node counts as silent; zero or less: it is. */
    synchronized Duration left(String node) {
        Seen s = nodes.get(node);
        return s == null ? GRACE : GRACE.minusNanos(nanos.getAsLong() - s.at);
    }
}
