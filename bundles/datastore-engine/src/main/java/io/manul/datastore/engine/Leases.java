package io.manul.datastore.engine;

import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongSupplier;

/** Leases and the keys that go away with them, by a monotonic clock. The sequencer's own. */
final class Leases {

    private record Deadline(long id, long nanos) {
    }

    private static final class Lease {
        private final long deadline;
        private final Set<String> keys = new HashSet<>();

        private Lease(long deadline) {
            this.deadline = deadline;
        }
    }

    private final LongSupplier clock;
    private final Map<Long, Lease> leases = new HashMap<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>((a, b) -> Long.compare(a.nanos - b.nanos, 0));
    /** Granted or ended, not yet in the log. */
    private final List<Long> granted = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();
    private long last;

    Leases(LongSupplier clock) {
        this.clock = clock;
    }

    void load(long lastId, List<CommitLog.Lease> kept) {
        last = lastId;
        for (CommitLog.Lease lease : kept) {
            add(lease.id(), lease.leftMillis() * 1_000_000);
        }
    }

    /** A key of the loaded state. */
    void attach(KeyValue kv) {
        if (kv.lease() != 0) {
            Lease lease = leases.get(kv.lease());
            if (lease == null) {
                // its lease is gone: it goes now
                add(kv.lease(), 0);
                lease = leases.get(kv.lease());
            }
            lease.keys.add(kv.key());
        }
    }

    private void add(long id, long nanos) {
        long deadline = clock.getAsLong() + nanos;
        leases.put(id, new Lease(deadline));
        deadlines.add(new Deadline(id, deadline));
    }

    long grant(long nanos) {
        add(++last, nanos);
        granted.add(last);
        return last;
    }

    long last() {
        return last;
    }

    boolean alive(long id) {
        Lease lease = leases.get(id);
        return lease != null && lease.deadline - clock.getAsLong() > 0;
    }

    /** Nanoseconds until the next one runs out; Long.MAX_VALUE without one. */
    long untilNext() {
        return deadlines.isEmpty() ? Long.MAX_VALUE : Math.max(0, deadlines.peek().nanos - clock.getAsLong());
    }

    /** The first lease that has run out; 0 without one. */
    long due() {
        return untilNext() == 0 ? deadlines.peek().id : 0;
    }

    List<String> keys(long id) {
        return List.copyOf(leases.get(id).keys);
    }

    /** Forgets the first lease, which has no key any more. */
    void endDue() {
        long id = deadlines.remove().id;
        leases.remove(id);
        if (!granted.remove(Long.valueOf(id))) {
            ended.add(id);
        }
    }

    /** Follows what was kept. */
    void apply(List<Event> events) {
        for (Event event : events) {
            move(event.previous(), false);
            if (event.type() == Event.Type.PUT) {
                move(event.current(), true);
            }
        }
    }

    private void move(KeyValue kv, boolean in) {
        Lease lease = kv == null || kv.lease() == 0 ? null : leases.get(kv.lease());
        if (lease != null && in) {
            lease.keys.add(kv.key());
        } else if (lease != null) {
            lease.keys.remove(kv.key());
        }
    }

    List<CommitLog.Lease> newOnes() {
        return granted.stream().map(this::kept).toList();
    }

    List<Long> endedOnes() {
        return List.copyOf(ended);
    }

    boolean any() {
        return !leases.isEmpty() || !ended.isEmpty();
    }

    /** All, with what they have left. */
    List<CommitLog.Lease> all() {
        return leases.keySet().stream().map(this::kept).toList();
    }

    private CommitLog.Lease kept(long id) {
        return new CommitLog.Lease(id, Math.max(0, leases.get(id).deadline - clock.getAsLong()) / 1_000_000);
    }

    void kept() {
        granted.clear();
        ended.clear();
    }
}
