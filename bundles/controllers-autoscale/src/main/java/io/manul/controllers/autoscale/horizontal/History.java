package io.manul.controllers.autoscale.horizontal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was recommended for, and done to, one autoscaler lately: for stabilization windows and the periods of policies. In memory,
 * as upstream's: a new version begins with what there is, and stabilizes from then on. Only one worker has an autoscaler at a time.
 */
final class History {

    private record Entry(Instant at, long value) {
    }

    /** The longest window and period that the API takes. */
    private static final Duration LONGEST = Duration.ofHours(1);

    static final class One {
        private final List<Entry> recommended = new ArrayList<>();
        private final List<Entry> added = new ArrayList<>();
        private final List<Entry> removed = new ArrayList<>();

        /** The first recommendation is what there is. */
        void begin(long replicas, Instant now) {
            if (recommended.isEmpty()) {
                recommended.add(new Entry(now, replicas));
            }
        }

        void recommend(long replicas, Instant now, Duration keep) {
            recommended.removeIf(e -> e.at().isBefore(now.minus(keep)));
            recommended.add(new Entry(now, replicas));
        }

        long highest(long now, Instant since) {
            return recommended.stream().filter(e -> e.at().isAfter(since)).mapToLong(Entry::value).reduce(now, Math::max);
        }

        long lowest(long now, Instant since) {
            return recommended.stream().filter(e -> e.at().isAfter(since)).mapToLong(Entry::value).reduce(now, Math::min);
        }

        void resized(long from, long to, Instant now) {
            List<Entry> which = to > from ? added : removed;
            which.removeIf(e -> e.at().isBefore(now.minus(LONGEST)));
            which.add(new Entry(now, Math.abs(to - from)));
        }

        /** What there was at the beginning of the period. */
        long before(long replicas, long periodSeconds, Instant now) {
            Instant since = now.minusSeconds(periodSeconds);
            return replicas - sum(added, since) + sum(removed, since);
        }

        private static long sum(List<Entry> entries, Instant since) {
            return entries.stream().filter(e -> e.at().isAfter(since)).mapToLong(Entry::value).sum();
        }
    }

    private final Map<String, One> all = new ConcurrentHashMap<>();

    One of(String uid) {
        return all.computeIfAbsent(uid, u -> new One());
    }

    void forget(String uid) {
        all.remove(uid);
    }
}
