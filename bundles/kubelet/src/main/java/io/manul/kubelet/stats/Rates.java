package io.manul.kubelet.stats;

import io.manul.kubelet.cgroup.Usage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Processor use per second out of two readings. Only the last one is kept, and only for a short while: who asks every 15 s gets the
 * rate of those 15 s. Safe from any thread.
 */
final class Rates {

    static final Duration LEAST = Duration.ofMillis(500);
    static final Duration MOST = Duration.ofMinutes(2);

    private Map<String, Usage> before = Map.of();
    private Map<String, Usage> last = Map.of();

    private static Map<String, Usage> of(Reading r) {
        Map<String, Usage> out = new HashMap<>();
        out.put("", r.node());
        r.root().ifPresent(u -> out.put("/", u));
        r.pods().forEach(p -> {
            p.usage().ifPresent(u -> out.put(p.group(), u));
            p.containers().forEach(c -> out.put(c.group(), c.usage()));
        });
        return out;
    }

    /** @return true when rates can be told now; else read once more after {@link #LEAST} */
    synchronized boolean take(Reading r) {
        Map<String, Usage> now = of(r);
        Duration since = last.isEmpty() ? Duration.ZERO : Duration.between(last.get("").at(), r.at());
        if (last.isEmpty() || since.compareTo(MOST) > 0) {
            before = Map.of();
            last = now;
        } else if (since.compareTo(LEAST) >= 0) {
            before = last;
            last = now;
        }
        return !before.isEmpty();
    }

    /** Billionths of a core; empty for what was not there before. @param key the group; "" the machine, "/" all pods */
    synchronized OptionalLong nanoCores(String key) {
        Usage a = before.get(key);
        Usage b = last.get(key);
        if (a == null || b == null || b.cpu() < a.cpu()) {
            return OptionalLong.empty();
        }
        long nanos = Duration.between(a.at(), b.at()).toNanos();
        return nanos <= 0 ? OptionalLong.empty() : OptionalLong.of(Math.round((b.cpu() - a.cpu()) * 1e9 / nanos));
    }
}
