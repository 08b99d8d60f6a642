package io.manul.updater.internal;

import io.manul.api.http.Loopback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One room that nobody pays for while it is not needed (DESIGN.md, rule 8): it begins when the first object of its kinds
 * appears or, with {@code call}, when it is first asked something; it goes out of memory a while after the last object went or
 * the last call was answered. Runs on virtual threads of its own.
 */
final class Demand implements Runnable {

    /** In the place of a collection: wakes when somebody waits at the room's handler. */
    static final String CALL = "call";

    private static final Logger LOG = LoggerFactory.getLogger(Demand.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** What wakes and rests; implemented by the conductor. */
    interface Bed {
        void wake(String room) throws Refused, InterruptedException;

        void rest(String room) throws Refused, InterruptedException;

        boolean awake(String room);

        /** Calls that its handler has answered or is answering; grows. */
        long calls(String room);
    }

    private final String room;
    private final Bed bed;
    private final Duration quiet;
    private final List<Presence> collections;
    private final boolean byCall;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<Thread> threads = new ArrayList<>();
    /** Guarded by the lock: somebody waits at the gate. */
    private boolean called;

    /** @param quiet how long nothing may need the room before it rests */
    Demand(String room, List<String> wakesWith, Bed bed, Supplier<Optional<Loopback>> loopback, Duration quiet) {
        this.room = room;
        this.bed = bed;
        this.quiet = quiet;
        this.byCall = wakesWith.contains(CALL);
        this.collections = wakesWith.stream().filter(w -> !w.equals(CALL)).map(w -> new Presence(w, loopback, this::changed)).toList();
    }

    String room() {
        return room;
    }

    /** Asks the API now; what it does not say counts as needed. */
    boolean needed() throws InterruptedException {
        boolean needed = false;
        for (Presence p : collections) {
            needed |= !p.look() || p.present();
        }
        return needed;
    }

    void start() {
        collections.forEach(p -> threads.add(Thread.ofVirtual().name("presence-" + room).start(p)));
        threads.add(Thread.ofVirtual().name("demand-" + room).start(this));
    }

    /** Somebody waits at the room's gate. Returns at once. */
    void called() {
        lock.lock();
        try {
            called = byCall;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Something is otherwise than before: an object, or that the room was begun for a swap. Returns at once. */
    void changed() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean wanted() {
        return called || collections.stream().anyMatch(Presence::present);
    }

    @Override
    public void run() {
        try {
            for (;;) {
                awaitWanted();
                act(() -> bed.wake(room), "begin");
                untilQuiet();
                act(() -> bed.rest(room), "rest");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ended
        }
    }

    private interface Step {
        void run() throws Refused, InterruptedException;
    }

    private void act(Step step, String what) throws InterruptedException {
        try {
            step.run();
        } catch (Refused e) {
            LOG.error("A room did not {} room={} why={}; tried again in {} s", what, room, e.getMessage(), RETRY.toSeconds());
            Thread.sleep(RETRY);
        }
    }

    /** Also returns when the room was begun for another reason, a swap. */
    private void awaitWanted() throws InterruptedException {
        lock.lock();
        try {
            while (!wanted() && !bed.awake(room)) {
                news.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns once nothing needed the room for so long, or at once when it does not run. */
    private void untilQuiet() throws InterruptedException {
        lock.lock();
        try {
            long calls = bed.calls(room);
            called = false;
            long left = quiet.toNanos();
            while (bed.awake(room) && (left > 0 || wanted())) {
                if (wanted() && !called) {
                    news.await();
                    left = quiet.toNanos();
                } else {
                    left = news.awaitNanos(left);
                }
                if (bed.calls(room) != calls || called) {
                    calls = bed.calls(room);
                    called = false;
                    left = quiet.toNanos();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void close() throws InterruptedException {
        threads.forEach(Thread::interrupt);
        for (Thread t : threads) {
            t.join(Duration.ofSeconds(1));
        }
        threads.clear();
    }
}
