package io.manul.controllers.node;

import io.manul.json.Obj;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long nodes have had their taints, by our own monotonic clock and since our own start, as upstream: after a power cut
 * {@code timeAdded} is long ago, and clocks of devices jump; neither is a reason to evict. Guarded by its monitor.
 */
final class TaintTimes {

    private final LongSupplier nanos;
    private final Map<String, Map<String, Long>> seen = new HashMap<>();

    TaintTimes(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized Map<Obj, Duration> of(Obj node, List<Obj> taints) {
        long now = nanos.getAsLong();
        Map<String, Long> before = seen.getOrDefault(node.uid(), Map.of());
        Map<String, Long> kept = new HashMap<>();
        Map<Obj, Duration> ages = new LinkedHashMap<>();
        for (Obj taint : taints) {
            // taken away and put back it is another one
            String id = taint.text("key") + "=" + taint.text("value") + ":" + taint.text("effect") + "@" + taint.text("timeAdded");
            long first = before.getOrDefault(id, now);
            kept.put(id, first);
            ages.put(taint, Duration.ofNanos(now - first));
        }
        if (kept.isEmpty()) {
            seen.remove(node.uid());
        } else {
            seen.put(node.uid(), kept);
        }
        return ages;
    }

    synchronized void gone(String nodeUid) {
        seen.remove(nodeUid);
    }
}
