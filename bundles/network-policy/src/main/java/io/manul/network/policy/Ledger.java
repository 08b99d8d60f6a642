package io.manul.network.policy;

import io.manul.client.Key;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What happened and what of it is in the kernel: informers and guards write here, the enforcer takes. Safe from any thread. */
final class Ledger {

    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition done = lock.newCondition();
    // all guarded by the lock
    private Pending pending = new Pending();
    private long applied;
    private boolean closed;
    private boolean remembered;
    private final Map<Key, Policy> told = new HashMap<>();

    Ledger(Map<String, List<String>> sandboxes) {
        pending.sandboxes.putAll(sandboxes);
        pending.generation = 1;
    }

    /** @param change with the lock held; {@code told} is kept by it too */
    void change(Consumer<Pending> change) {
        lock.lock();
        try {
            change.accept(pending);
            pending.generation++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Policies taken in, by key; with the lock held only. */
    Map<Key, Policy> told() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("told() without the lock");
        }
        return told;
    }

    /** Asks with the lock held. */
    boolean is(BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /** What of a pod waits to be taken; null when nothing does. With the lock held only. */
    Pending pending() {
        return pending;
    }

    /** What is enforced is only remembered, since the API was not reached yet. */
    void remembered(boolean yes) {
        is(() -> remembered = yes);
    }

    boolean remembered() {
        return is(() -> remembered);
    }

    /** Everything since the last time; waits for it. Null when nothing came in that time, or it is closed. */
    Pending take(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (pending.generation == applied && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            return closed || pending.generation == applied ? null : swap();
        } finally {
            lock.unlock();
        }
    }

    /** Everything since the last time, also when that is nothing. */
    Pending takeNow() {
        lock.lock();
        try {
            return swap();
        } finally {
            lock.unlock();
        }
    }

    private Pending swap() {
        Pending taken = pending;
        pending = new Pending();
        pending.generation = taken.generation;
        return taken;
    }

    void applied(long generation) {
        lock.lock();
        try {
            applied = generation;
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean appliedSince(long generation) {
        return is(() -> applied >= generation);
    }

    long generation() {
        lock.lock();
        try {
            return pending.generation;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless it is closed; then there is something to do. */
    void retryAfter(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (!closed && left > 0) {
                left = news.awaitNanos(left);
            }
            pending.generation++;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it holds, asked with the lock held. @param end by {@link System#nanoTime} @return false: not in time, or closed */
    boolean await(long end, BooleanSupplier until) throws InterruptedException {
        lock.lock();
        try {
            while (!until.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (closed || left <= 0) {
                    return false;
                }
                done.awaitNanos(Math.min(left, LOOK_NANOS)); // told of rules in the kernel, not of all that it may ask
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        return is(() -> closed);
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
