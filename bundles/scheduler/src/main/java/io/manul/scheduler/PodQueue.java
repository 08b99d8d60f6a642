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
 * that may help it, without such a change for 5 min. Then it waits for its back-off (1 s doubling to 10 s, as upstream's)
 * only while others are due; nobody waits for an idle scheduler (KEP-5142).
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
        /** What had changed by its last failure, by what may help it: it rests while nothing did. Null: not to rest. */
        Changes failedAt;
        /** A pod that goes may help it. */
        boolean crowded;

        Entry(Key key) {
            this.key = key;
        }
    }

    /** How often nodes changed, and pods went. */
    record Changes(long nodes, long pods) {
    }

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Key, Entry> entries = new HashMap<>();
    private long order;
    private Changes changes = new Changes(0, 0);
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

    /** A node came or changed, which may help every resting pod. */
    void nodeChanged() {
        lock.lock();
        try {
            changes = new Changes(changes.nodes + 1, changes.pods);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A pod went, which may help those that lacked room. */
    void podGone() {
        lock.lock();
        try {
            changes = new Changes(changes.nodes, changes.pods + 1);
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
                        .min(Comparator.comparingLong((Entry e) -> -e.priority).thenComparingLong(e -> e.since))
                        .or(() -> entries.values().stream().filter(e -> e.failedAt != null && !resting(e))
                                .min(Comparator.comparingLong(e -> e.notBefore))).orElse(null);
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
        return resting(e) ? e.notBefore + REST_MOST.toNanos() : e.notBefore;
    }

    private boolean resting(Entry e) {
        return e.failedAt != null && e.failedAt.nodes == changes.nodes && (!e.crowded || e.failedAt.pods == changes.pods);
    }

    /** To be told to {@link #failed}: read it before the attempt. */
    Changes changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** No node was found. @param seen what {@link #changes} said before the attempt @param crowded a pod that goes may help */
    void unplaced(Key key, Changes seen, boolean crowded) {
        failed(key, seen, crowded);
    }

    /** The attempt itself failed: it is made again after the back-off, whatever changes. */
    void failed(Key key) {
        failed(key, null, false);
    }

    private void failed(Key key, Changes seen, boolean crowded) {
        lock.lock();
        try {
            Entry e = entries.get(key);
            if (e != null) {
                long backoff = Math.min(BACKOFF_MOST.toNanos(), BACKOFF_FIRST.toNanos() << Math.min(e.attempts, 4));
                e.attempts++;
                e.failedAt = seen;
                e.crowded = crowded;
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
