package io.manul.scheduler;

import io.manul.client.Key;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Pods that look for a node: higher priority first, then the older wish. One that found none rests until something changed
 * and its back-off (1 s doubling to 10 s, as upstream's) is over; without a change it is tried again after 5 min.
 */
final class PodQueue {

    static final Duration BACKOFF_FIRST = Duration.ofSeconds(1);
    static final Duration BACKOFF_MOST = Duration.ofSeconds(10);
    static final Duration REST_MOST = Duration.ofMinutes(5);

    private static final class Entry {
        final Key key;
        long priority;
        long since;
        int attempts;
        /** Nano time before which it is not tried. */
        long notBefore;
        /** Change counter at its last failure: it rests while nothing changed. */
        long failedAt = -1;

        Entry(Key key) {
            this.key = key;
        }
    }

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Key, Entry> entries = new HashMap<>();
    private long order;
    private long changes;
    private boolean closed;

    PodQueue(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A pod without a node was seen (again): its spec may have changed, so it need not rest. */
    void offer(Key key, long priority) {
        lock.lock();
        try {
            Entry e = entries.get(key);
            if (e == null) {
                e = new Entry(key);
                e.since = order++;
                e.notBefore = nanos.getAsLong();
                entries.put(key, e);
            }
            e.priority = priority;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void remove(Key key) {
        lock.lock();
        try {
            entries.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Something that may help a resting pod happened: a node changed, a pod went. */
    void wake() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next pod to try; blocks. Null when closed. The pod stays in the queue until removed. */
    Key take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long now = nanos.getAsLong();
                Entry best = entries.values().stream().filter(e -> due(e, now))
                        .min(Comparator.comparingLong((Entry e) -> -e.priority).thenComparingLong(e -> e.since)).orElse(null);
                if (best != null) {
                    return best.key;
                }
                long wait = entries.values().stream().mapToLong(e -> dueAt(e) - now).min().orElse(Long.MAX_VALUE);
                if (wait == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.await(Math.max(wait, 1), TimeUnit.NANOSECONDS);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean due(Entry e, long now) {
        return dueAt(e) - now <= 0;
    }

    private long dueAt(Entry e) {
        return e.failedAt == changes ? e.notBefore + REST_MOST.toNanos() : e.notBefore;
    }

    /** The change counter to be told to {@link #failed}: read it before the attempt. */
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** @param seenChanges what {@link #changes} said before the attempt; -1: try again after the back-off in any case */
    void failed(Key key, long seenChanges) {
        lock.lock();
        try {
            Entry e = entries.get(key);
            if (e != null) {
                long backoff = Math.min(BACKOFF_MOST.toNanos(), BACKOFF_FIRST.toNanos() << Math.min(e.attempts, 4));
                e.attempts++;
                e.failedAt = seenChanges;
                e.notBefore = nanos.getAsLong() + backoff;
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
