package io.manul.client;

import io.manul.api.component.Component.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reconciler with its queue and workers: waits for its informers, then runs the reconciler for each key, one worker a key
 * at a time, on virtual threads. What the world did (a conflict, a refusal) is tried again with back-off; what is a bug here
 * is counted for {@link #health}.
 */
public final class Controller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    private static final long SLOW_MILLIS = 30_000;

    private final String name;
    private final Reconciler reconciler;
    private final List<Informer> informers;
    private final WorkQueue queue = new WorkQueue();
    private final List<Thread> workers = new ArrayList<>();
    private final Map<Key, Long> running = new ConcurrentHashMap<>();
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile String trouble = "";
    private volatile boolean closed;

    /** @param informers started here, closed here; several controllers may share one */
    public Controller(String name, Reconciler reconciler, List<Informer> informers) {
        this.name = name;
        this.reconciler = reconciler;
        this.informers = List.copyOf(informers);
    }

    public WorkQueue queue() {
        return queue;
    }

    public Controller start(int count) {
        informers.forEach(Informer::start);
        for (int i = 0; i < count; i++) {
            workers.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
        }
        return this;
    }

    private void work() {
        try {
            for (Informer i : informers) {
                while (!i.awaitSynced(Duration.ofMinutes(1))) {
                    LOG.warn("Waiting for a first list controller={}", name);
                }
            }
            for (Key key = queue.take(); key != null; key = queue.take()) {
                running.put(key, System.nanoTime());
                try {
                    step(key);
                } finally {
                    running.remove(key);
                    queue.done(key);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(Key key) throws InterruptedException {
        try {
            Outcome outcome = reconciler.reconcile(key);
            steps.incrementAndGet();
            queue.forget(key);
            if (outcome instanceof Outcome.Again again) {
                queue.addAfter(key, again.after());
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (ClusterException e) {
            if (e.conflict() || e.notFound() || closed) {
                LOG.debug("Changed meanwhile; again controller={} object={} why={}", name, key, e.getMessage());
            } else {
                LOG.warn("Not reconciled; again controller={} object={} why={}", name, key, e.getMessage());
            }
            queue.addLimited(key);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            failures.incrementAndGet();
            trouble = name + " " + key + ": " + e;
            LOG.error("Reconciling failed controller={} object={}", name, key, e);
            queue.addLimited(key);
        }
    }

    /** Every informer has its first list, nothing is queued and nothing is worked on; keys may wait for their time. */
    public boolean idle() {
        return informers.stream().allMatch(Informer::synced) && queue.idle();
    }

    public Health health() {
        long now = System.nanoTime();
        long oldest = running.values().stream().mapToLong(t -> (now - t) / 1_000_000).max().orElse(0);
        return new Health(steps.get(), failures.get(), oldest > SLOW_MILLIS ? oldest : 0, failures.get() == 0 ? "" : trouble);
    }

    /** Sums the healths of several controllers. */
    public static Health sum(List<Controller> all) {
        long steps = 0;
        long failures = 0;
        long stuck = 0;
        String message = "";
        for (Controller c : all) {
            Health h = c.health();
            steps += h.steps();
            failures += h.failures();
            stuck = Math.max(stuck, h.stuckMillis());
            message = message.isEmpty() ? h.message() : message;
        }
        return new Health(steps, failures, stuck, message);
    }

    /** Ends the workers (a step under way is interrupted after 2 s) and closes the informers; joined. */
    @Override
    public void close() {
        stop();
        informers.forEach(Informer::close);
    }

    /** Ends the workers only, for controllers that share informers: all stop before the first closes. */
    public void stop() {
        closed = true;
        queue.close();
        try {
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            for (Thread w : workers) {
                if (running.isEmpty() || !w.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    w.interrupt();
                }
            }
            for (Thread w : workers) {
                w.join(Duration.ofSeconds(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
