package io.manul.controllers.sets.daemonset;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a node's failed pod stays before it is replaced: 1 s, doubling to 15 min; forgotten after twice that without a
 * failure. Remembers at most 10,000 nodes. Guarded by its monitor.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofMinutes(15);
    private static final int MOST_KNOWN = 10_000;

    private record Last(Duration span, Instant since) {
    }

    private final Map<String, Last> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Last> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    /** How long to wait still; zero: replace it now, which this call notes. */
    synchronized Duration next(String key, Instant now) {
        Last last = known.get(key);
        boolean expired = last == null || Duration.between(last.since(), now).compareTo(MOST.multipliedBy(2)) > 0;
        if (!expired) {
            Duration left = Duration.between(now, last.since().plus(last.span()));
            if (left.isPositive()) {
                return left;
            }
        }
        Duration doubled = expired ? FIRST : last.span().multipliedBy(2);
        known.put(key, new Last(doubled.compareTo(MOST) > 0 ? MOST : doubled, now));
        return Duration.ZERO;
    }
}
