package io.manul.datastore.engine;

import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Durability;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import io.manul.datastore.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A datastore on a commit log: writes go to the {@link Sequencer}, reads take its latest {@link Snapshot} and no lock.
 * Opened once, closed once. A call that comes after the end is refused with {@link io.manul.api.gate.Unavailable}.
 */
public final class Engine implements Datastore, AutoCloseable {

    private static final int MAX_POLL = 10_000;
    private static final Duration MAX_TTL = Duration.ofSeconds(9_000_000_000L);

    private final CommitLog log;
    private final Sequencer sequencer;
    private final Past past;

    /** @param name of its thread */
    public Engine(CommitLog log, Limits limits, LongSupplier nanoClock, String name) throws DatastoreException {
        this.log = log;
        sequencer = new Sequencer(log, limits, nanoClock, name);
        past = new Past(sequencer, log);
        boolean open = false;
        try {
            sequencer.open();
            open = true;
        } finally {
            if (!open) {
                log.close();
            }
        }
    }

    static DatastoreException compacted(long compact) {
        return new DatastoreException(Reason.COMPACTED, "etcdserver: mvcc: required revision has been compacted", compact);
    }

    static DatastoreException future() {
        return new DatastoreException(Reason.FUTURE_REVISION, "etcdserver: mvcc: required revision is a future revision");
    }

    private Snapshot now() {
        if (sequencer.hub().closed()) {
            throw Op.notOpen();
        }
        return sequencer.published();
    }

    @Override
    public long currentRevision() {
        return now().revision();
    }

    @Override
    public long compactRevision() {
        return now().compact();
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) throws DatastoreException {
        Snapshot now = now();
        KeyValue current = now.tree().get(key);
        if (isNow(now, revision) || current != null && current.modRevision() <= revision) {
            return Optional.ofNullable(current);
        }
        return Optional.ofNullable(past.get(now, key, revision));
    }

    /** Refuses revisions that cannot be read. */
    private static boolean isNow(Snapshot now, long revision) throws DatastoreException {
        if (revision == 0 || revision == now.revision()) {
            return true;
        }
        if (revision > now.revision()) {
            throw future();
        }
        if (revision < now.compact()) {
            throw compacted(now.compact());
        }
        return false;
    }

    @Override
    public Range range(String from, String to, int limit, long revision) throws DatastoreException {
        if (limit < 0) {
            throw new IllegalArgumentException("limit " + limit);
        }
        Snapshot now = now();
        if (!isNow(now, revision)) {
            return past.range(now, from, to, limit, revision);
        }
        int count = now.tree().count(from, to);
        int most = limit == 0 ? count : Math.min(limit, count);
        List<KeyValue> items = new ArrayList<>(most);
        if (most > 0) {
            now.tree().visit(from, to, kv -> items.add(kv) && items.size() < most);
        }
        return new Range(now.revision(), items, count, items.size() < count);
    }

    @Override
    public long count(String from, String to) {
        return now().tree().count(from, to);
    }

    @Override
    public Result put(String key, byte[] value, long expected, long lease, Durability durability) throws DatastoreException {
        Keys.check(key);
        if (value.length > MAX_VALUE) {
            throw new DatastoreException(Reason.TOO_LARGE, "etcdserver: request is too large");
        }
        if (expected < 0 || lease < 0) {
            throw new IllegalArgumentException("expected revision " + expected + ", lease " + lease);
        }
        return (Result) sequencer.call(new Op.Write(key, value, expected, lease, durability == Durability.DURABLE));
    }

    @Override
    public Result delete(String key, long expected) throws DatastoreException {
        Keys.check(key);
        if (expected < 0) {
            throw new IllegalArgumentException("expected revision " + expected);
        }
        return (Result) sequencer.call(new Op.Write(key, null, expected, 0, true));
    }

    @Override
    public long grant(Duration ttl) throws DatastoreException {
        if (ttl.compareTo(MAX_TTL) > 0 || ttl.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("etcdserver: too large lease TTL, or none: " + ttl);
        }
        return (Long) sequencer.call(new Op.Grant(ttl.toNanos()));
    }

    @Override
    public Batch poll(String from, String to, long after, int limit, Duration wait)
            throws DatastoreException, InterruptedException {
        int most = limit <= 0 ? MAX_POLL : Math.min(limit, MAX_POLL);
        long deadline = System.nanoTime() + Math.min(wait.toNanos(), Long.MAX_VALUE / 4);
        now();
        Hub.Waiter waiter = null;
        try {
            for (Batch batch = past.changes(from, to, after, most);; batch = past.changes(from, to, batch.progress(), most)) {
                boolean over = sequencer.hub().closed() || deadline - System.nanoTime() <= 0;
                if (!batch.events().isEmpty() || over) {
                    return batch;
                }
                if (waiter == null) {
                    waiter = sequencer.hub().enter(from, to);
                } else {
                    waiter.await(deadline);
                    waiter.reset();
                }
            }
        } finally {
            if (waiter != null) {
                sequencer.hub().leave(waiter);
            }
        }
    }

    @Override
    public void compact(long revision) throws DatastoreException {
        sequencer.call(new Op.Compact(revision));
    }

    @Override
    public long sizeBytes() throws DatastoreException {
        now();
        return log.sizeBytes();
    }

    /** Rounds ended well. */
    public long steps() {
        return sequencer.steps();
    }

    public long failures() {
        return sequencer.failures();
    }

    /** Why it does not write any more; empty when well. */
    public String trouble() {
        return sequencer.trouble();
    }

    /** Age of the write that is under way. */
    public long stuckMillis() {
        return sequencer.stuckNanos() / 1_000_000;
    }

    /** Readers that wait in {@link #poll}. */
    public int waiting() {
        return sequencer.hub().waiting();
    }

    /** Wakes the readers, ends the writes that were accepted, closes the log. */
    @Override
    public void close() {
        try {
            if (!sequencer.close(4500)) {
                throw new IllegalStateException("the datastore did not end within 4.5 s: a write to the disk hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
