package io.manul.updater.internal;

import io.manul.api.component.Component;
import io.manul.api.gate.Gate;
import io.manul.api.http.Handler;
import io.manul.api.http.Streams;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Replaces one version of a room by another, in two phases: (1) the new one serves on probation while the old one stands
 * by, (2) the open streams move and the old one drains. Whatever fails before (2) is undone, and no untouched request is
 * lost. Runs on the updater's one thread.
 */
final class Swap {

    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(4);
    private static final Duration END_LIMIT = Duration.ofSeconds(6);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);
    /** A call without an answer for so long counts as hanging. */
    private static final long HANGING_MILLIS = 1000;
    private static final long SLOW_MILLIS = 100;
    private static final int FEW_FAILURES = 5;

    private final Places places;
    private final Supplier<Optional<Streams>> streams;

    Swap(Places places, Supplier<Optional<Streams>> streams) {
        this.places = places;
        this.streams = streams;
    }

    /** What a swap took, in milliseconds; {@code pause}: while nobody acted (or callers waited at an exclusive gate). */
    record Took(double flip, double pause, int moved, boolean drained) {
    }

    Took replace(Room old, Room next, Duration probation) throws Refused, InterruptedException {
        return next.component.exclusive() ? exclusive(old, next, probation) : beside(old, next, probation);
    }

    // ---- a room whose two versions may serve at once

    private Took beside(Room old, Room next, Duration probation) throws Refused, InterruptedException {
        long start = System.nanoTime();
        Places.Left left = places.flip(next);
        double flip = millisSince(start);
        Optional<Gate.Slot<Handler>> previous = left.handler();
        previous.ifPresent(slot -> streams.get().ifPresent(s -> s.fallback(next.name, slot)));
        double pause = 0;
        boolean handedOver = false;
        try {
            if (previous.isPresent()) {
                watch(next, probation);
            }
            pause = handOver(old, next);
            handedOver = true;
            watch(next, probation);
        } catch (Refused e) {
            flipBack(old, next, handedOver);
            throw e;
        }
        int moved = previous.flatMap(slot -> streams.get().map(s -> s.move(slot))).orElse(0);
        streams.get().ifPresent(s -> s.fallback(next.name, null));
        return new Took(flip, pause, moved, drain(left));
    }

    /** The old one ends, then the new one begins; when that fails the old one has begun again. */
    private double handOver(Room old, Room next) throws Refused, InterruptedException {
        long start = System.nanoTime();
        byte[] state = Limit.call("end of " + next.name + " " + old.version(), END_LIMIT, old.component::end);
        try {
            Limit.call("begin of " + next.name + " " + next.version(), BEGIN_LIMIT, () -> begin(next.component, state));
        } catch (Refused e) {
            beginAgain(old, next);
            throw e;
        }
        return millisSince(start);
    }

    private void flipBack(Room old, Room next, boolean handedOver) throws Refused, InterruptedException {
        Places.Left broken = places.flip(old);
        streams.get().ifPresent(s -> s.fallback(next.name, null));
        Optional<Gate.Slot<Handler>> handler = broken.handler();
        if (handler.isPresent() && streams.get().isPresent()) {
            streams.get().get().move(handler.get());
            if (!handler.get().drain(Duration.ofMillis(100))) {
                streams.get().get().rescue(handler.get());
            }
        }
        if (handedOver) {
            beginAgain(old, next);
        }
        drain(broken);
    }

    private void beginAgain(Room old, Room next) throws Refused, InterruptedException {
        Refused ended = null;
        try {
            Limit.call("end of " + next.name + " " + next.version(), END_LIMIT, next.component::end);
        } catch (Refused e) {
            ended = e;
        }
        Limit.call("begin of " + old.name + " " + old.version() + " again", BEGIN_LIMIT,
                () -> begin(old.component, new byte[0]));
        if (ended != null) {
            org.slf4j.LoggerFactory.getLogger(Swap.class).warn("A refused version did not end cleanly room={} why={}",
                    next.name, ended.getMessage());
        }
    }

    private Void begin(Component component, byte[] state) throws Exception {
        component.begin(state);
        return null;
    }

    // ---- a room of which only one version may be open

    private Took exclusive(Room old, Room next, Duration probation) throws Refused, InterruptedException {
        long start = System.nanoTime();
        Places.Left left = places.close(old);
        try {
            handOver(old, next);
        } catch (Refused e) {
            places.flip(old);
            throw e;
        }
        places.flip(next);
        double pause = millisSince(start);
        try {
            watch(next, probation);
        } catch (Refused e) {
            Places.Left broken = places.close(next);
            beginAgain(old, next);
            places.flip(old);
            drain(broken);
            throw e;
        }
        return new Took(0, pause, 0, drain(left));
    }

    // ---- both

    /**
     * Returns after the probation, or throws as soon as the new version shows that it is bad. A call that is slow at the end
     * is waited for, until it answers or counts as hanging.
     */
    private void watch(Room next, Duration probation) throws Refused, InterruptedException {
        long end = System.nanoTime() + probation.toNanos();
        long last = end + Duration.ofMillis(2 * HANGING_MILLIS).toNanos();
        for (;;) {
            int[] counts = places.counts(next);
            if (counts[0] >= FEW_FAILURES && counts[0] > counts[1] / 10) {
                throw new Refused(counts[0] + " calls failed on " + next.name + " " + next.version() + ", " + counts[1]
                        + " succeeded; flipped back to the version before");
            }
            long oldest = places.handler(next.name).flatMap(slot -> streams.get().map(s -> s.oldestMillis(slot))).orElse(0L);
            Component.Health health = next.component.health();
            if (oldest > HANGING_MILLIS || health.stuckMillis() > HANGING_MILLIS) {
                throw new Refused("a call hangs in " + next.name + " " + next.version() + " for "
                        + Math.max(oldest, health.stuckMillis()) + " ms; flipped back to the version before");
            }
            if (health.failures() >= FEW_FAILURES && health.failures() > health.steps() / 10) {
                throw new Refused(health.failures() + " steps of " + next.name + " " + next.version() + " failed: "
                        + health.message() + "; flipped back to the version before");
            }
            long now = System.nanoTime();
            boolean slow = Math.max(oldest, health.stuckMillis()) > SLOW_MILLIS;
            if (now >= end && !slow || now >= last) {
                return;
            }
            Thread.sleep(Duration.ofMillis(2));
        }
    }

    private static boolean drain(Places.Left left) throws InterruptedException {
        long end = System.nanoTime() + DRAIN_LIMIT.toNanos();
        boolean all = true;
        for (Gate.Slot<?> slot : left.all()) {
            all &= slot.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return all;
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
