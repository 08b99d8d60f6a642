package io.manul.api.gate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Stands before a provider that can be replaced. A call enters the current slot and leaves it; a flip publishes the next
 * slot, and running calls finish on the old one. A closed gate lets callers wait for a bounded time.
 *
 * <p>Safe from any thread. {@link #enter} is lock-free while the gate is open.
 */
@ProviderType
public final class Gate<S> {

    private final String name;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private volatile Slot<S> current;
    private volatile Runnable awaited = () -> { };

    /** @param patience how long a caller waits at a closed gate before {@link Unavailable} */
    public Gate(String name, Duration patience) {
        this.name = name;
        this.patience = patience;
    }

    public String name() {
        return name;
    }

    /** The slot that serves now, if the gate is open. Not entered. */
    public Optional<Slot<S>> current() {
        return Optional.ofNullable(current);
    }

    /**
     * Enters the current slot; the caller closes it when its call is over.
     *
     * @throws Unavailable when the gate stays closed longer than the patience, or the waiting thread is interrupted
     */
    public Slot<S> enter() {
        for (;;) {
            Slot<S> slot = current;
            if (slot == null) {
                slot = await();
            }
            slot.active.incrementAndGet();
            if (slot == current) {
                return slot;
            }
            slot.close();
        }
    }

    /** Enters one given slot, retired or not: a call that failed untouched runs again on the previous provider. */
    public Slot<S> enter(Slot<S> slot) {
        slot.active.incrementAndGet();
        return slot;
    }

    /** @param action run on the thread of a caller that begins to wait at the closed gate; returns at once */
    public void whenAwaited(Runnable action) {
        awaited = action;
    }

    /** Publishes the next provider and returns the old slot, retired; nobody waits. */
    public Optional<Slot<S>> flip(S next, String label) {
        return replace(new Slot<>(next, label));
    }

    /** Closes the gate: callers wait from now on. Returns the old slot, retired. */
    public Optional<Slot<S>> close() {
        return replace(null);
    }

    private Optional<Slot<S>> replace(Slot<S> next) {
        lock.lock();
        try {
            Slot<S> old = current;
            current = next;
            if (old != null) {
                old.retire();
            }
            opened.signalAll();
            return Optional.ofNullable(old);
        } finally {
            lock.unlock();
        }
    }

    private Slot<S> await() {
        awaited.run();
        lock.lock();
        try {
            long left = patience.toNanos();
            while (current == null) {
                if (left <= 0) {
                    throw new Unavailable("no provider of " + name + " for " + patience.toMillis() + " ms");
                }
                left = opened.awaitNanos(left);
            }
            return current;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while waiting for " + name);
        } finally {
            lock.unlock();
        }
    }

    /** One provider's time at the gate, with its counters. */
    public static final class Slot<S> implements AutoCloseable {
        private final S service;
        private final String label;
        private final AtomicInteger active = new AtomicInteger();
        private final AtomicInteger succeeded = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition idle = lock.newCondition();
        private volatile boolean retired;

        private Slot(S service, String label) {
            this.service = service;
            this.label = label;
        }

        public S service() {
            return service;
        }

        /** The provider's version, for people. */
        public String label() {
            return label;
        }

        public boolean retired() {
            return retired;
        }

        /** Calls inside now; a stream that is open counts as one. */
        public int active() {
            return active.get();
        }

        public int succeeded() {
            return succeeded.get();
        }

        public int failed() {
            return failed.get();
        }

        /** Counts one call that ended well, or (false) that threw what it should not. */
        public void count(boolean well) {
            (well ? succeeded : failed).incrementAndGet();
        }

        /** Leaves the slot. */
        @Override
        public void close() {
            if (active.decrementAndGet() == 0 && retired) {
                signal();
            }
        }

        /** Waits until nobody is inside; false when the limit passed first. */
        public boolean drain(Duration limit) throws InterruptedException {
            long left = limit.toNanos();
            lock.lock();
            try {
                while (active.get() != 0) {
                    if (left <= 0) {
                        return false;
                    }
                    // a leaving call may miss the signal of a slot that is not retired yet: look again after 20 ms
                    long step = Math.min(left, TimeUnit.MILLISECONDS.toNanos(20));
                    left -= step - Math.max(0, idle.awaitNanos(step));
                }
                return true;
            } finally {
                lock.unlock();
            }
        }

        private void retire() {
            retired = true;
            signal();
        }

        private void signal() {
            lock.lock();
            try {
                idle.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
