package io.manul.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keys to be worked on: each at most once at a time, added again while it is worked on it comes once more afterwards.
 * Failures wait 5 ms doubling to 1,000 s a key, and all of them together pass a bucket of 100 refilled with 10 a second
 * (client-go's default for controllers). Of several waits for one key the shortest counts. No thread of its own:
 * {@link #take} waits. Safe from any thread.
 */
public final class WorkQueue {

    private static final long BACKOFF_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long BACKOFF_MOST_NANOS = TimeUnit.SECONDS.toNanos(1000);

    private static final double BUCKET_MOST = 100;
    private static final double BUCKET_NANOS_EACH = TimeUnit.MILLISECONDS.toNanos(100);

    private record Later(Key key, long due) implements Comparable<Later> {
        @Override
        public int compareTo(Later o) {
            return Long.compare(due - o.due, 0);
        }
    }

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Key> ready = new ArrayDeque<>();
    private final Set<Key> dirty = new HashSet<>();
    private final Set<Key> working = new HashSet<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    /** The entry of {@link #later} that counts for a key; others of it are passed over. */
    private final Map<Key, Long> due = new HashMap<>();
    private final Map<Key, Integer> failures = new HashMap<>();
    /** Tokens left at {@link #bucketAt}; below zero: reserved ahead. */
    private double bucket = BUCKET_MOST;
    private long bucketAt;
    private boolean closed;

    public WorkQueue(LongSupplier nanos) {
        this.nanos = nanos;
        this.bucketAt = nanos.getAsLong();
    }

    public WorkQueue() {
        this(System::nanoTime);
    }

    public void add(Key key) {
        lock.lock();
        try {
            enqueue(key);
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Key key) {
        if (!closed && dirty.add(key) && !working.contains(key)) {
            ready.add(key);
            changed.signal();
        }
    }

    public void addAfter(Key key, Duration wait) {
        lock.lock();
        try {
            long at = nanos.getAsLong() + wait.toNanos();
            Long before = due.get(key);
            if (!closed && (before == null || at - before < 0)) {
                due.put(key, at);
                later.add(new Later(key, at));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** After a failure: with the key's own back-off, and the bucket of all. */
    public void addLimited(Key key) {
        lock.lock();
        try {
            int n = failures.merge(key, 1, Integer::sum);
            long wait = n > 30 ? BACKOFF_MOST_NANOS : Math.min(BACKOFF_MOST_NANOS, BACKOFF_FIRST_NANOS << n - 1);
            addAfter(key, Duration.ofNanos(Math.max(wait, reserve())));
        } finally {
            lock.unlock();
        }
    }

    /** Takes one token; the wait in nanoseconds until it is there. */
    private long reserve() {
        long now = nanos.getAsLong();
        bucket = Math.min(BUCKET_MOST, bucket + (now - bucketAt) / BUCKET_NANOS_EACH) - 1;
        bucketAt = now;
        return bucket >= 0 ? 0 : (long) (-bucket * BUCKET_NANOS_EACH);
    }

    /** The key succeeded: its back-off starts anew. */
    public void forget(Key key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** The next key; blocks. Null when closed. Call {@link #done} afterwards. */
    public Key take() throws InterruptedException {
        lock.lock();
        try {
            for (;;) {
                if (closed) {
                    return null;
                }
                long now = nanos.getAsLong();
                while (!later.isEmpty() && later.peek().due - now <= 0) {
                    Later next = later.poll();
                    if (due.remove(next.key, next.due)) {
                        enqueue(next.key);
                    }
                }
                Key key = ready.poll();
                if (key != null) {
                    dirty.remove(key);
                    working.add(key);
                    return key;
                }
                if (later.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(Math.max(1, later.peek().due - now));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    public void done(Key key) {
        lock.lock();
        try {
            working.remove(key);
            if (dirty.contains(key)) {
                ready.add(key);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is ready and nothing is worked on; keys may wait for their time. */
    public boolean idle() {
        lock.lock();
        try {
            return dirty.isEmpty() && working.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    public int size() {
        lock.lock();
        try {
            return ready.size();
        } finally {
            lock.unlock();
        }
    }

    public void close() {
        lock.lock();
        try {
            closed = true;
            later.clear();
            due.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
