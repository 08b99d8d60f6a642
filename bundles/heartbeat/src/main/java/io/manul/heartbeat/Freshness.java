package io.manul.heartbeat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Which heartbeats prove that a node lives now. Clocks of nodes do not matter: a message's age is its way's delay over the
 * shortest one of the last minutes, so a burst of held-up messages counts at the time it was sent. What was seen already, or
 * is of an earlier life of the node, is a replay. Safe from any thread.
 */
final class Freshness {

    /** Older ones prove nothing. */
    static final Duration MOST = Duration.ofSeconds(30);
    private static final long WINDOW_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final int EPOCHS = 8;
    private static final int NODES = 10_000;

    /** What a heartbeat is worth. */
    sealed interface Verdict {
        /** @param ageMillis how long ago it was sent; @param returned the first after silence, or of a new life */
        record Alive(long ageMillis, boolean returned) implements Verdict {
        }

        record Refused(String why) implements Verdict {
        }
    }

    private static final class Seen {
        private long epoch;
        private long sequence;
        private long arrived;
        /** What an intended stop said: nothing up to here is alive. -1 without one. */
        private long stoppedAt = -1;
        /** Shortest (arrival - monotonic) of this window and the one before. */
        private long shortest;
        private long shortestBefore;
        private long windowAt;
        private final ArrayDeque<Long> earlier = new ArrayDeque<>(1);
    }

    private final Map<String, Seen> nodes = new HashMap<>();
    private final long silentMillis;

    /** @param silent a heartbeat after so long is one that returned */
    Freshness(Duration silent) {
        this.silentMillis = silent.toMillis();
    }

    /** @param now our monotonic clock, ms */
    synchronized Verdict beat(String node, Beat b, long now) {
        Seen s = nodes.get(node);
        if (s == null) {
            if (nodes.size() >= NODES) {
                return new Verdict.Refused("more than " + NODES + " nodes");
            }
            s = new Seen();
            nodes.put(node, s);
            return begin(s, b, now);
        }
        if (s.epoch != b.epoch()) {
            if (s.earlier.contains(b.epoch())) {
                return new Verdict.Refused("of an earlier life of the node");
            }
            s.earlier.addFirst(s.epoch);
            if (s.earlier.size() > EPOCHS) {
                s.earlier.removeLast();
            }
            return begin(s, b, now);
        }
        if (b.sequence() <= s.sequence) {
            return new Verdict.Refused("sequence " + b.sequence() + " after " + s.sequence);
        }
        s.sequence = b.sequence();
        if (b.sequence() <= s.stoppedAt) {
            return new Verdict.Refused("sent before the node said that it stops");
        }
        long age = age(s, now - b.monotonic(), now);
        if (age > MOST.toMillis()) {
            return new Verdict.Refused("sent " + age + " ms ago");
        }
        boolean returned = s.stoppedAt >= 0 || now - s.arrived > silentMillis;
        s.stoppedAt = -1;
        s.arrived = now;
        return new Verdict.Alive(age, returned);
    }

    private static Verdict begin(Seen s, Beat b, long now) {
        s.epoch = b.epoch();
        s.sequence = b.sequence();
        s.arrived = now;
        s.stoppedAt = -1;
        s.shortest = now - b.monotonic();
        s.shortestBefore = Long.MAX_VALUE;
        s.windowAt = now;
        return new Verdict.Alive(0, true);
    }

    private static long age(Seen s, long delay, long now) {
        if (now - s.windowAt > WINDOW_MILLIS) {
            s.shortestBefore = now - s.windowAt > 2 * WINDOW_MILLIS ? Long.MAX_VALUE : s.shortest;
            s.shortest = Math.min(delay, s.shortestBefore == Long.MAX_VALUE ? s.shortest : delay);
            s.windowAt = now;
        }
        s.shortest = Math.min(s.shortest, delay);
        return delay - Math.min(s.shortest, s.shortestBefore);
    }

    /** The node says that it stops, having sent up to that sequence. False when that is old news. */
    synchronized boolean stopped(String node, long epoch, long sequence) {
        Seen s = nodes.get(node);
        if (s == null || s.epoch != epoch || sequence < s.sequence) {
            return false;
        }
        s.stoppedAt = sequence;
        return true;
    }

    /** Whether that life is the node's present one, as far as is known. */
    synchronized boolean current(String node, long epoch) {
        Seen s = nodes.get(node);
        return s != null && s.epoch == epoch;
    }
}
