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
 * Keys to be worked on: each at most once at a time, added again while it is worked on it comes once more afterwards;
 * failures wait 5 ms doubling to 1,000 s a key (client-go's default). No thread of its own: {@link #take} waits. Safe from
 * any thread.
 */
public final class WorkQueue {

    private static final long BACKOFF_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long BACKOFF_MOST_NANOS = TimeUnit.SECONDS.toNanos(1000);

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
    private final Map<Key, Integer> failures = new HashMap<>();
    private boolean closed;

    public WorkQueue(LongSupplier nanos) {
        this.nanos = nanos;
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
            if (!closed) {
                later.add(new Later(key, nanos.getAsLong() + wait.toNanos()));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** After a failure: with the key's own back-off. */
    public void addLimited(Key key) {
        lock.lock();
        try {
            int n = failures.merge(key, 1, Integer::sum);
            long wait = n > 30 ? BACKOFF_MOST_NANOS : Math.min(BACKOFF_MOST_NANOS, BACKOFF_FIRST_NANOS << n - 1);
            addAfter(key, Duration.ofNanos(wait));
        } finally {
            lock.unlock();
        }
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
                    enqueue(later.poll().key);
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
