package io.manul.scheduler;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** What the loop does not wait for: bindings and evictions, a virtual thread each. {@link #close} waits for them. */
final class Crew implements AutoCloseable {

    /** Bindings under way at once, those that wait for volumes aside. */
    private static final int MOST = 64;
    private static final Duration FINISH = Duration.ofSeconds(2);

    /** A piece of work; what it throws it has told before. */
    interface Work {
        void run() throws InterruptedException;
    }

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MOST);

    /** Blocks while too many are under way. */
    void start(String name, Work work) throws InterruptedException {
        places.acquire();
        run(name, () -> {
            try {
                work.run();
            } finally {
                places.release();
            }
        });
    }

    /** Without a place: it will wait for something outside. */
    void startWaiting(String name, Work work) {
        run(name, work);
    }

    private void run(String name, Work work) {
        Thread thread = Thread.ofVirtual().name("scheduler-" + name).unstarted(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        thread.start();
    }

    @Override
    public void close() throws InterruptedException {
        long end = System.nanoTime() + FINISH.toNanos();
        for (Thread t : threads) {
            long left = end - System.nanoTime();
            if (left <= 0 || !t.join(Duration.ofNanos(left))) {
                t.interrupt();
            }
        }
        for (Thread t : threads) {
            t.join(Duration.ofSeconds(1));
        }
    }
}
