package io.manul.datastore.engine;

import io.manul.datastore.Event;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Who waits for changes of which range. The sequencer wakes those whose range has one; nobody else is disturbed. */
final class Hub {

    static final class Waiter {
        private final String from;
        private final String to;
        private final Thread thread = Thread.currentThread();
        private volatile boolean woken;

        private Waiter(String from, String to) {
            this.from = from;
            this.to = to;
        }

        /** Call before looking for changes: one that comes after the look ends the next {@link #await}. */
        void reset() {
            woken = false;
        }

        /** Waits for a change, the hub's end or the deadline ({@link System#nanoTime}). */
        void await(long deadline) throws InterruptedException {
            for (;;) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long left = deadline - System.nanoTime();
                if (woken || left <= 0) {
                    return;
                }
                LockSupport.parkNanos(this, left);
            }
        }

        private void wake() {
            woken = true;
            LockSupport.unpark(thread);
        }
    }

    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Waiter enter(String from, String to) {
        Waiter waiter = new Waiter(from, to);
        waiters.add(waiter);
        return waiter;
    }

    void leave(Waiter waiter) {
        waiters.remove(waiter);
    }

    int waiting() {
        return waiters.size();
    }

    boolean closed() {
        return closed;
    }

    void changed(List<Event> events) {
        for (Waiter waiter : waiters) {
            if (!waiter.woken && touches(events, waiter)) {
                waiter.wake();
            }
        }
    }

    private static boolean touches(List<Event> events, Waiter waiter) {
        for (Event event : events) {
            if (Keys.within(event.current().key(), waiter.from, waiter.to)) {
                return true;
            }
        }
        return false;
    }

    /** Wakes everybody, for good or (compaction) to look again. */
    void wakeAll() {
        waiters.forEach(Waiter::wake);
    }

    void close() {
        closed = true;
        wakeAll();
    }
}
