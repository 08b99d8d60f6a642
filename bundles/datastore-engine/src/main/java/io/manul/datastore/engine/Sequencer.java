package io.manul.datastore.engine;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the state. A round takes everything that waits, decides it against the state in memory, keeps
 * it with one {@link CommitLog#force}, publishes, answers, and wakes the readers whose range changed; then it does a slice
 * of the compaction. Nothing is visible or answered before it is as safe as was asked for, so a failed round leaves no trace.
 *
 * <p>After an idle wait it wakes only for a caller, a lease that runs out, or volatile changes that are due on the disk.
 */
final class Sequencer {

    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

    private static final int MAX_BATCH = 512;
    /** Of values in one step; one write may have more. */
    private static final long MAX_BATCH_BYTES = 8 << 20;
    private static final int MAX_QUEUE = 65_536;
    /** Revisions reserved for volatile writes at a time. */
    private static final int RESERVE = 10_000;
    private static final int DELETES_PER_REVISION = 1000;
    /** A slice of the compaction; with its commit it stays below 5 ms. */
    private static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(1500);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CommitLog log;
    private final Limits limits;
    private final LongSupplier clock;
    private final Hub hub = new Hub();
    private final Leases leases;
    private final Unwritten unwritten = new Unwritten();
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    /** Guarded by the lock, as is the one below. */
    private final ArrayDeque<Op> queue = new ArrayDeque<>();
    private boolean closing;

    private volatile Snapshot published;
    private volatile DatastoreException broken;
    private volatile long stepBegan;
    private volatile long steps;
    private volatile long failures;
    private Ring ring;

    // ---- the thread's own
    private long live;
    private long floor;
    private long ceiling;
    private long swept;
    private boolean metaChanged = true;
    /** True when the log differs from what a clean end left. */
    private boolean touched;
    /** When volatile changes are due on the disk, by the clock; guarded by {@link #flushPending}. */
    private long flushAt;
    private boolean flushPending;
    private long retryAt;
    private boolean retryWaits;
    private boolean full;

    Sequencer(CommitLog log, Limits limits, LongSupplier clock, String name) {
        this.log = log;
        this.limits = limits;
        this.clock = clock;
        leases = new Leases(clock);
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    // ---- from any thread

    void open() throws DatastoreException {
        Tree[] tree = {Tree.EMPTY};
        long[] last = {0};
        CommitLog.Loaded loaded = log.open((kv, delete) -> {
            last[0] = Math.max(last[0], kv.modRevision());
            tree[0] = delete ? tree[0].without(kv.key()) : tree[0].with(kv);
        });
        CommitLog.Meta meta = loaded.meta();
        boolean history = last[0] != 0;
        long revision = Math.max(last[0], Math.max(meta.compact(), meta.floor()));
        long compact = meta.compact();
        if (!meta.clean() && meta.ceiling() > 0) {
            revision = Math.max(revision, meta.ceiling()) + 2;
            compact = revision;
            LOG.warn("The last stop was not clean; going on above every revision given out, all history compacted revision={}",
                    revision);
        }
        floor = compact > meta.compact() ? revision : meta.floor();
        swept = meta.swept();
        ring = new Ring(history ? revision : compact - 1);
        leases.load(meta.lease(), loaded.leases());
        tree[0].forEach(kv -> {
            live += Draft.size(kv);
            leases.attach(kv);
        });
        published = new Snapshot(tree[0], revision, compact);
        thread.start();
    }

    Snapshot published() {
        return published;
    }

    Ring ring() {
        return ring;
    }

    Hub hub() {
        return hub;
    }

    Object call(Op op) throws DatastoreException {
        lock.lock();
        try {
            if (closing) {
                throw Op.notOpen();
            }
            if (queue.size() >= MAX_QUEUE) {
                throw new DatastoreException(Reason.UNAVAILABLE, "etcdserver: too many requests: " + MAX_QUEUE
                        + " writes wait already; nothing changed");
            }
            queue.add(op);
            if (queue.size() == 1) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        return op.await();
    }

    /** Ends after the writes that were accepted; false when it did not within the time. */
    boolean close(long millis) throws InterruptedException {
        hub.close();
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        thread.join(millis);
        return !thread.isAlive();
    }

    long steps() {
        return steps;
    }

    long failures() {
        return failures;
    }

    String trouble() {
        DatastoreException why = broken;
        return why == null ? "" : why.getMessage();
    }

    long stuckNanos() {
        long began = stepBegan;
        return began == 0 ? 0 : System.nanoTime() - began;
    }

    // ---- the thread

    private void run() {
        List<Op> batch = new ArrayList<>();
        try {
            while (next(batch)) {
                stepBegan = System.nanoTime() | 1;
                round(batch);
                sweep();
                log.tend();
                stepBegan = 0;
                steps = steps + 1;
                batch.clear();
            }
            finish();
        } catch (RuntimeException | Error e) {
            LOG.error("The datastore stopped: a bug or no memory", e);
            broken = new DatastoreException(Reason.UNAVAILABLE, "the datastore stopped: " + e);
            failures = failures + 1;
            batch.forEach(op -> op.fail(broken));
        } finally {
            stepBegan = 0;
            refuseTheRest();
            log.close();
        }
    }

    private void refuseTheRest() {
        lock.lock();
        try {
            closing = true;
            queue.forEach(Op::refuse);
            queue.clear();
        } finally {
            lock.unlock();
        }
        hub.close();
    }

    /** Waits for something to do; false when all is done and the end was asked for. */
    private boolean next(List<Op> batch) {
        lock.lock();
        try {
            long left = untilDue();
            while (queue.isEmpty() && left > 0) {
                if (closing) {
                    return false;
                }
                left = work.awaitNanos(left) > 0 && queue.isEmpty() ? untilDue() : 0;
            }
            long bytes = 0;
            for (Op op = queue.peek(); op != null && batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES; op = queue.peek()) {
                queue.remove();
                if (op.take()) {
                    batch.add(op);
                    bytes += op instanceof Op.Write write && write.value != null ? write.value.length : 0;
                }
            }
            return !closing || !batch.isEmpty() || !queue.isEmpty();
        } catch (InterruptedException e) {
            // nobody interrupts this thread but a JVM that goes down
            closing = true;
            return !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private long untilDue() {
        if (broken != null) {
            return Long.MAX_VALUE;
        }
        long due = leases.untilNext();
        if (flushPending) {
            due = Math.min(due, flushAt - clock.getAsLong());
        }
        if (sweepDue()) {
            due = 0;
        }
        return retryWaits && due < Long.MAX_VALUE ? Math.max(due, retryAt - clock.getAsLong()) : due;
    }

    private boolean retrying() {
        if (retryWaits && retryAt - clock.getAsLong() <= 0) {
            retryWaits = false;
        }
        return retryWaits;
    }

    private void round(List<Op> batch) {
        List<Op.Write> writes = new ArrayList<>();
        List<Op.Compact> compactions = new ArrayList<>();
        for (Op op : batch) {
            if (broken != null) {
                op.fail(broken);
                continue;
            }
            switch (op) {
                case Op.Write write -> writes.add(write);
                case Op.Grant grant -> grant.answer(leases.grant(grant.nanos));
                case Op.Compact compact -> compactions.add(compact);
            }
        }
        if (broken == null) {
            write(writes, true);
            compactions.forEach(this::compact);
        }
    }

    private void write(List<Op.Write> writes, boolean mayStep) {
        Snapshot before = published;
        Draft draft = new Draft(before, live, limits.liveBytes(), leases::alive);
        long expired = mayStep && !retrying() ? leases.due() : 0;
        if (expired != 0) {
            expire(draft, expired);
        }
        List<Object> answers = new ArrayList<>(writes.size());
        for (Op.Write write : writes) {
            answers.add(decide(draft, write));
        }
        try {
            if (mayStep && stepDue(draft)) {
                step(draft);
            } else {
                hold(draft);
            }
        } catch (DatastoreException e) {
            failed(e, writes, answers, mayStep);
            return;
        }
        if (expired != 0) {
            leases.endDue();
        }
        publish(draft, before.compact());
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof DatastoreException e) {
                writes.get(i).fail(e);
            } else {
                writes.get(i).answer(answers.get(i));
            }
        }
        if (!draft.events().isEmpty()) {
            hub.changed(draft.events());
        }
    }

    private static Object decide(Draft draft, Op.Write write) {
        try {
            return draft.write(write);
        } catch (DatastoreException e) {
            return e;
        }
    }

    private void expire(Draft draft, long lease) {
        List<String> keys = leases.keys(lease);
        for (int i = 0; i < keys.size(); i += DELETES_PER_REVISION) {
            draft.expire(keys.subList(i, Math.min(keys.size(), i + DELETES_PER_REVISION)));
        }
    }

    private boolean stepDue(Draft draft) {
        return draft.durable() || draft.highestVolatile() > ceiling || ring.bytes() / 5 * 4 > limits.ringBytes()
                || flushPending && flushAt - clock.getAsLong() <= 0 && !retrying();
    }

    private void step(Draft draft) throws DatastoreException {
        List<Event> events = draft.events();
        long forget = ring.overflow(events, limits.ringBytes());
        Unwritten.Plan plan = unwritten.plan(events, ring.start(), forget);
        boolean inUse = draft.highestVolatile() > 0 || unwritten.pending();
        boolean reserve = inUse && ceiling < draft.revision() + RESERVE / 2;
        long nextCeiling = reserve ? draft.revision() + RESERVE : ceiling;
        touched = true;
        keep(new CommitLog.Step(plan.rows(), metaChanged || reserve ? meta(false, nextCeiling) : null, leases.newOnes(),
                leases.endedOnes()));
        if (full) {
            full = false;
            LOG.info("There is space again: the datastore takes writes");
        }
        ceiling = nextCeiling;
        metaChanged = false;
        flushPending = false;
        unwritten.kept(plan);
        leases.kept();
        ring.forget(forget);
    }

    private void keep(CommitLog.Step step) throws DatastoreException {
        log.append(step);
        log.force();
    }

    private CommitLog.Meta meta(boolean clean, long highest) {
        return new CommitLog.Meta(clean, published.compact(), floor, highest, swept, leases.last());
    }

    /** Volatile changes only: visible now, on the disk later. */
    private void hold(Draft draft) throws DatastoreException {
        if (draft.highestVolatile() > ceiling || ring.bytes() / 2 > limits.ringBytes()) {
            throw new DatastoreException(Reason.NO_SPACE, "etcdserver: mvcc: database space exceeded: "
                    + "the disk is full and too many heartbeats wait for it already");
        }
        unwritten.add(draft.events());
        long forget = ring.overflow(draft.events(), limits.ringBytes());
        if (forget > ring.start()) {
            ring.forget(Math.min(forget, unwritten.mayForget(ring.start())));
        }
        touched |= !draft.events().isEmpty();
        if (!flushPending && unwritten.pending()) {
            flushPending = true;
            flushAt = clock.getAsLong() + limits.flushEvery().toNanos();
        }
    }

    private void publish(Draft draft, long compact) {
        live = draft.live();
        ring.append(draft.events());
        leases.apply(draft.events());
        published = new Snapshot(draft.tree(), draft.revision(), compact);
    }

    private void failed(DatastoreException why, List<Op.Write> writes, List<Object> answers, boolean mayStep) {
        boolean noSpace = why.reason() == Reason.NO_SPACE;
        if (noSpace) {
            if (!full) {
                LOG.error("The datastore takes no writes until there is space why={}", why.getMessage());
            }
            full = true;
            retryWaits = true;
            retryAt = clock.getAsLong() + RETRY_NANOS;
            if (flushPending) {
                flushAt = clock.getAsLong() + limits.flushEvery().toNanos();
            }
        } else {
            broken = why;
            failures = failures + 1;
            LOG.error("The datastore stopped writing; reads go on until it is restarted why={}", why.getMessage());
        }
        List<Op.Write> rest = new ArrayList<>();
        for (Op.Write write : writes) {
            if (noSpace && mayStep && !write.durable && write.value != null) {
                rest.add(write);
            } else {
                write.fail(why);
            }
        }
        if (!rest.isEmpty()) {
            write(rest, false);
        }
    }

    // ---- compaction

    private void compact(Op.Compact op) {
        Snapshot now = published;
        if (broken != null) {
            op.fail(broken);
        } else if (op.revision <= now.compact()) {
            op.fail(Engine.compacted(now.compact()));
        } else if (op.revision > now.revision()) {
            op.fail(Engine.future());
        } else {
            metaChanged = true;
            touched = true;
            published = new Snapshot(now.tree(), now.revision(), op.revision);
            ring.forget(op.revision - 1);
            unwritten.forget(op.revision);
            op.answer(op.revision);
        }
    }

    private boolean sweepDue() {
        return swept < published.compact() - 1;
    }

    private void sweep() {
        if (broken != null || !sweepDue() || retrying()) {
            return;
        }
        try {
            swept = log.sweep(meta(false, ceiling), published.compact() - 1, SLICE_NANOS);
            touched = true;
        } catch (DatastoreException e) {
            failed(e, List.of(), List.of(), true);
        }
    }

    // ---- the end

    private void finish() {
        if (broken != null || !touched && !leases.any()) {
            return;
        }
        try {
            keep(new CommitLog.Step(unwritten.plan(List.of(), ring.start(), Long.MAX_VALUE).rows(), meta(true, 0), leases.all(),
                    leases.endedOnes()));
        } catch (DatastoreException e) {
            LOG.error("The last changes could not be kept; the next start compacts all history why={}", e.getMessage());
        }
    }
}
