package io.manul.kubelet.pod;

import io.manul.client.ClusterException;
import io.manul.cri.CriException;
import io.manul.kubelet.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one virtual thread that acts for a pod: steps when it is told, and when the last step said so. */
final class PodWorker {

    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    private static final Duration RETRY_FIRST = Duration.ofMillis(500);
    private static final Duration RETRY_MOST = Duration.ofSeconds(10);

    /** How the workers fare together. */
    interface Ledger {
        void stepped();

        void failed(String what);

        void over(String uid, PodWorker worker);
    }

    private final String uid;
    private final PodLife life;
    private final Ledger ledger;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private Pod pod;
    private boolean gone;
    private boolean news = true;
    private volatile boolean closed;
    private volatile long since;
    private Thread thread;
    private Duration retry = RETRY_FIRST;

    PodWorker(Parts parts, Pod pod, boolean gone, Ledger ledger) {
        this.uid = pod.uid();
        this.pod = pod;
        this.gone = gone;
        this.ledger = ledger;
        this.life = new PodLife(parts, uid, this::poke);
    }

    void start() {
        thread = Thread.ofVirtual().name("pod-" + pod.name()).start(this::run);
    }

    /** The API has the pod so, or (gone) no more. */
    void update(Pod next, boolean isGone) {
        lock.lock();
        try {
            pod = next;
            gone |= isGone;
        } finally {
            lock.unlock();
        }
        if (isGone || next.deleting()) {
            life.hasten();
        }
        poke();
    }

    /** Something of the pod may have changed. */
    void poke() {
        lock.lock();
        try {
            news = true;
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The pod as last told. */
    Pod pod() {
        lock.lock();
        try {
            return pod;
        } finally {
            lock.unlock();
        }
    }

    /** Milliseconds that the step under way takes; 0 without one. */
    long busyMillis() {
        long began = since;
        return began == 0 ? 0 : (System.nanoTime() - began) / 1_000_000;
    }

    private void run() {
        try (life) {
            while (!closed) {
                Pod now;
                boolean isGone;
                lock.lock();
                try {
                    now = pod;
                    isGone = gone;
                    news = false;
                } finally {
                    lock.unlock();
                }
                PodLife.Next next = step(now, isGone);
                if (next.over()) {
                    ledger.over(uid, this);
                    return;
                }
                await(next.again());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PodLife.Next step(Pod now, boolean isGone) throws InterruptedException {
        since = System.nanoTime();
        try {
            PodLife.Next next = life.step(now, isGone);
            ledger.stepped();
            retry = RETRY_FIRST;
            return next;
        } catch (CriException | ClusterException e) {
            LOG.warn("Pod not brought on; tried again pod={} in={}ms why={}", now.full(), retry.toMillis(), e.getMessage());
        } catch (IOException e) {
            LOG.warn("Pod not brought on; tried again pod={} in={}ms why={}", now.full(), retry.toMillis(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("A step of a pod failed pod={}", now.full(), e);
            ledger.failed(now.full() + ": " + e);
        } finally {
            since = 0;
        }
        PodLife.Next again = PodLife.Next.in(retry);
        retry = retry.multipliedBy(2).compareTo(RETRY_MOST) > 0 ? RETRY_MOST : retry.multipliedBy(2);
        return again;
    }

    private void await(Optional<Duration> limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.map(Duration::toNanos).orElse(Long.MAX_VALUE);
            while (!news && !closed && left > 0) {
                left = limit.isPresent() ? told.awaitNanos(left) : await(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private long await(long left) throws InterruptedException {
        told.await(1, TimeUnit.DAYS);
        return left;
    }

    /** Asks the thread to end after its step. */
    void close() {
        closed = true;
        poke();
    }

    /** Ends a step that lasts. */
    void interrupt() {
        thread.interrupt();
    }

    void join(Duration limit) throws InterruptedException {
        thread.join(limit);
    }
}
