package io.manul.metrics;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one node's kubelet told at one moment.
 *
 * @param at   when it was asked
 * @param used by "" for the node, "uid/container" for a container
 */
record Sample(Instant at, Map<String, Used> used) {

    /** @param cpu nanoseconds since it started @param memory working set in bytes */
    record Used(long cpu, long memory) {
    }

    static String key(String uid, String container) {
        return uid + "/" + container;
    }

    static Sample of(Obj summary, Instant at) {
        Map<String, Used> used = new HashMap<>();
        used(summary.at("node")).ifPresent(u -> used.put("", u));
        for (Obj pod : summary.objects("pods")) {
            for (Obj c : pod.objects("containers")) {
                used(c).ifPresent(u -> used.put(key(pod.text("podRef", "uid"), c.text("name")), u));
            }
        }
        return new Sample(at, Map.copyOf(used));
    }

    private static Optional<Used> used(Obj of) {
        return of.has("cpu", "usageCoreNanoSeconds") && of.has("memory", "workingSetBytes") ? Optional.of(new Used(
                of.number("cpu", "usageCoreNanoSeconds").orElse(0), of.number("memory", "workingSetBytes").orElse(0))) : Optional.empty();
    }

    /** @param nanoCores billionths of a core @param memory bytes */
    record Rate(long nanoCores, long memory) {
    }

    /** Since an earlier sample; empty for what was not there then, or has started anew since. */
    Optional<Rate> since(Sample before, String key) {
        Used a = before.used.get(key);
        Used b = used.get(key);
        long nanos = Duration.between(before.at, at).toNanos();
        if (a == null || b == null || b.cpu < a.cpu || nanos <= 0) {
            return Optional.empty();
        }
        return Optional.of(new Rate(Math.round((b.cpu - a.cpu) * 1e9 / nanos), b.memory));
    }
}
