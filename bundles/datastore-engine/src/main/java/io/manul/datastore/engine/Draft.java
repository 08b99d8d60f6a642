package io.manul.datastore.engine;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/** The state as it will be when the writes taken so far are kept. Thrown away when they cannot be. */
final class Draft {

    private static final byte[] NOTHING = new byte[0];
    /** Memory of a key beside its bytes. */
    private static final int KEY_OVERHEAD = 150;

    private final long liveLimit;
    private final LongPredicate leases;
    private final List<Event> events = new ArrayList<>();
    private Tree tree;
    private long revision;
    private long live;
    private boolean durable;
    private long highestVolatile;

    Draft(Snapshot from, long live, long liveLimit, LongPredicate leases) {
        this.tree = from.tree();
        this.revision = from.revision();
        this.live = live;
        this.liveLimit = liveLimit;
        this.leases = leases;
    }

    Result write(Op.Write op) throws DatastoreException {
        KeyValue now = tree.get(op.key);
        long mod = now == null ? 0 : now.modRevision();
        boolean holds = op.value == null ? now != null && (op.expected == 0 || op.expected == mod) : op.expected == mod;
        if (!holds) {
            return new Result(false, revision, Optional.ofNullable(now));
        }
        if (op.value == null) {
            durable = true;
            revision++;
            delete(now);
            return new Result(true, revision, Optional.empty());
        }
        KeyValue written = put(op, now);
        return new Result(true, revision, Optional.of(written));
    }

    private KeyValue put(Op.Write op, KeyValue now) throws DatastoreException {
        if (op.lease != 0 && !leases.test(op.lease)) {
            throw new DatastoreException(Reason.LEASE_NOT_FOUND, "etcdserver: requested lease not found");
        }
        long growth = op.value.length - (now == null ? 0 : now.value().length)
                + (now == null ? KEY_OVERHEAD + op.key.length() : 0);
        if (growth > 0 && live + growth > liveLimit) {
            throw new DatastoreException(Reason.NO_SPACE, "etcdserver: mvcc: database space exceeded: the objects stored take "
                    + (live >> 20) + " MiB, the limit is " + (liveLimit >> 20)
                    + " MiB (half of the heap); delete objects or give the server a larger heap");
        }
        revision++;
        String key = now == null ? op.key : now.key();
        KeyValue next = new KeyValue(key, op.value, now == null ? revision : now.createRevision(), revision,
                now == null ? 1 : now.version() + 1, op.lease);
        tree = tree.with(next);
        live += growth;
        durable |= op.durable;
        if (!op.durable) {
            highestVolatile = revision;
        }
        events.add(new Event(Event.Type.PUT, next, now));
        return next;
    }

    /** Deletes keys of a lease that ran out, all in one revision. */
    void expire(List<String> keys) {
        List<KeyValue> there = keys.stream().map(tree::get).filter(java.util.Objects::nonNull).toList();
        if (!there.isEmpty()) {
            durable = true;
            revision++;
            there.forEach(this::delete);
        }
    }

    private void delete(KeyValue now) {
        tree = tree.without(now.key());
        live -= KEY_OVERHEAD + now.key().length() + now.value().length;
        events.add(new Event(Event.Type.DELETE, new KeyValue(now.key(), NOTHING, 0, revision, 0, 0), now));
    }

    static long size(KeyValue kv) {
        return KEY_OVERHEAD + kv.key().length() + kv.value().length;
    }

    List<Event> events() {
        return events;
    }

    Tree tree() {
        return tree;
    }

    long revision() {
        return revision;
    }

    long live() {
        return live;
    }

    /** True when somebody is promised that this is on the disk. */
    boolean durable() {
        return durable;
    }

    long highestVolatile() {
        return highestVolatile;
    }
}
