package io.manul.scheduler.queue;

import io.manul.client.Key;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.PodInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Pods that look for a node: higher priority first, then the older wish. One that found none rests until something changed that
 * may help it by the plug-ins that refused it (KEP-4247), without such a change for 5 min. Then it waits for its back-off (1 s
 * doubling to 10 s) while others are due; nobody waits for an idle scheduler (KEP-5142). Safe from any thread.
 */
public final class PodQueue {

    /** @param first back-off after one failure, doubled by each @param most at most */
    public record Pace(Duration first, Duration most) {
        public static final Pace DEFAULT = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    /** Whether a change may help a pod which these plug-ins refused. */
    public interface Hints {
        boolean helps(PodInfo pod, Set<String> blamed, Change change);
    }

    static final Duration REST_MOST = Duration.ofMinutes(5);
    private static final int MOST_MISSED = 10_000;

    private final LongSupplier nanos;
    private final Pace pace;
    private final Hints hints;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Key, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> active = new TreeSet<>(Comparator.comparingInt((Entry e) -> -e.pod.priority()).thenComparingLong(e -> e.since));
    private final TreeSet<Entry> backoff = new TreeSet<>(Comparator.comparingLong((Entry e) -> e.notBefore).thenComparingLong(e -> e.since));
    private final TreeSet<Entry> resting = new TreeSet<>(Comparator.comparingLong((Entry e) -> e.restingSince).thenComparingLong(e -> e.since));
    private Entry tried;
    private long order;
    private boolean closed;

    public PodQueue(LongSupplier nanos, Pace pace, Hints hints) {
        this.nanos = nanos;
        this.pace = pace;
        this.hints = hints;
    }

    /** A pod without a node was seen, or seen again. */
    public void offer(PodInfo pod) {
        lock.lock();
        try {
            Entry e = entries.get(pod.key());
            if (e != null && !e.pod.id().uid().equals(pod.id().uid())) {
                take(e);
                e = null;
            }
            if (e == null) {
                e = new Entry(pod);
                e.since = order++;
                entries.put(pod.key(), e);
                enter(e, Entry.State.ACTIVE);
            } else {
                again(e, pod);
            }
        } finally {
            lock.unlock();
        }
    }

    private void again(Entry e, PodInfo pod) {
        boolean other = !e.pod.wish().asksAs(pod.wish());
        boolean denominated = !e.pod.standing().nominated().isEmpty() && pod.standing().nominated().isEmpty();
        Entry.State state = e.state;
        leave(e);
        e.pod = pod;
        boolean may = (other || denominated) && (state == Entry.State.GATED || state == Entry.State.RESTING);
        enter(e, may ? awake(e) : state);
        if (other && state == Entry.State.TRIED) {
            e.missed = null;
        }
    }

    /** Back-off first, if it is not over. */
    private Entry.State awake(Entry e) {
        return e.notBefore - nanos.getAsLong() > 0 && e.attempts > 0 ? Entry.State.BACKOFF : Entry.State.ACTIVE;
    }

    private void leave(Entry e) {
        switch (e.state) {
            case ACTIVE -> active.remove(e);
            case BACKOFF -> backoff.remove(e);
            case RESTING -> resting.remove(e);
            case GATED, TRIED, BINDING -> { }
        }
    }

    private void enter(Entry e, Entry.State state) {
        boolean gated = !e.pod.wish().gates().isEmpty() && state != Entry.State.TRIED && state != Entry.State.BINDING;
        e.state = gated ? Entry.State.GATED : state;
        switch (e.state) {
            case ACTIVE -> active.add(e);
            case BACKOFF -> backoff.add(e);
            case RESTING -> resting.add(e);
            case GATED, TRIED, BINDING -> { }
        }
        changed.signalAll();
    }

    private void take(Entry e) {
        leave(e);
        entries.remove(e.pod.key());
        if (tried == e) {
            tried = null;
        }
    }

    /** It is gone, has its node, or is none of ours. */
    public void remove(Key key) {
        lock.lock();
        try {
            Entry e = entries.get(key);
            if (e != null) {
                take(e);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something changed: who may be helped by it is looked at again. */
    public void changed(Change change) {
        lock.lock();
        try {
            if (tried != null && tried.missed != null) {
                tried.missed.add(change);
                tried.missed = tried.missed.size() > MOST_MISSED ? null : tried.missed;
            }
            List<Entry> helped = new ArrayList<>();
            for (Entry e : resting) {
                if (!e.woken && hints.helps(e.pod, e.blamed, change)) {
                    helped.add(e);
                }
            }
            helped.forEach(this::wake);
        } finally {
            lock.unlock();
        }
    }

    private void wake(Entry e) {
        if (e.preempting) {
            e.woken = true;
        } else {
            leave(e);
            enter(e, awake(e));
        }
    }

    /** The next pod to try; blocks. Null when closed. */
    public PodInfo take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long now = nanos.getAsLong();
                ripen(now);
                Entry e = next();
                if (e != null) {
                    leave(e);
                    e.state = Entry.State.TRIED;
                    e.missed = new ArrayList<>(0);
                    tried = e;
                    return e.pod;
                }
                long due = due(now);
                if (due == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.await(Math.max(due, 1), TimeUnit.NANOSECONDS);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void ripen(long now) {
        while (!backoff.isEmpty() && backoff.first().notBefore - now <= 0) {
            move(backoff.first());
        }
        while (!resting.isEmpty() && resting.first().restingSince + REST_MOST.toNanos() - now <= 0) {
            move(resting.first());
        }
    }

    private void move(Entry e) {
        leave(e);
        e.preempting = false;
        enter(e, Entry.State.ACTIVE);
    }

    private Entry next() {
        if (!active.isEmpty()) {
            return active.first();
        }
        for (Entry e : backoff) {
            if (!e.error) {
                return e;
            }
        }
        return null;
    }

    private long due(long now) {
        long due = backoff.isEmpty() ? Long.MAX_VALUE : backoff.first().notBefore - now;
        return resting.isEmpty() ? due : Math.min(due, resting.first().restingSince + REST_MOST.toNanos() - now);
    }

    /** It has a node, and is being bound to it. */
    public void binding(Key key) {
        after(key, e -> e.state = Entry.State.BINDING);
    }

    /** No node was found. @param preempting others are being pushed out for it: {@link #released} follows */
    public void unplaced(Key key, Set<String> blamed, boolean preempting) {
        after(key, e -> {
            fail(e, false);
            e.blamed = blamed;
            e.restingSince = nanos.getAsLong();
            e.preempting = preempting;
            boolean helped = e.missed == null || e.missed.stream().anyMatch(c -> hints.helps(e.pod, blamed, c));
            e.woken = helped && preempting;
            enter(e, helped && !preempting ? awake(e) : Entry.State.RESTING);
        });
    }

    /** Those that had to go were told to. @param ok all of them; else it is tried again */
    public void released(Key key, boolean ok) {
        lock.lock();
        try {
            Entry e = entries.get(key);
            if (e != null && e.preempting) {
                e.preempting = false;
                if (e.state == Entry.State.RESTING && (e.woken || !ok)) {
                    wake(e);
                }
                e.woken = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The try, or the binding, failed: made again after the back-off, whatever changes. */
    public void failed(Key key) {
        after(key, e -> {
            fail(e, true);
            enter(e, Entry.State.BACKOFF);
        });
    }

    private void fail(Entry e, boolean error) {
        long wait = Math.min(pace.most.toNanos(), pace.first.toNanos() << Math.min(e.attempts, 20));
        e.attempts++;
        e.error = error;
        e.since = order++;
        e.notBefore = nanos.getAsLong() + wait;
        e.preempting = false;
        e.woken = false;
    }

    private interface Step {
        void apply(Entry e);
    }

    private void after(Key key, Step step) {
        lock.lock();
        try {
            Entry e = entries.get(key);
            if (e != null && (e.state == Entry.State.TRIED || e.state == Entry.State.BINDING)) {
                tried = tried == e ? null : tried;
                step.apply(e);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait in all, those held back by gates and those being bound included. */
    public int size() {
        lock.lock();
        try {
            return entries.size();
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
