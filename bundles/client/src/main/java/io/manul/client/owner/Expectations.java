package io.manul.client.owner;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Creates and deletes that were sent but not seen in the cache yet: until they are, an owner makes no further decision,
 * so a stale cache never causes one pod too many. By the uid of the owner. Given up after 5 min. Guarded by its monitor.
 */
public final class Expectations {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final class Open {
        int creates;
        final Set<String> deletes = new HashSet<>();
        long since;
    }

    private final LongSupplier nanos;
    private final Map<String, Open> open = new HashMap<>();

    public Expectations(LongSupplier nanos) {
        this.nanos = nanos;
    }

    public synchronized void create(String set, int count) {
        open(set).creates += count;
    }

    public synchronized void delete(String set, String podUid) {
        open(set).deletes.add(podUid);
    }

    private Open open(String set) {
        Open o = open.computeIfAbsent(set, k -> new Open());
        o.since = nanos.getAsLong();
        return o;
    }

    /** A pod of the set was seen, or its create failed. */
    public synchronized void created(String set) {
        Open o = open.get(set);
        if (o != null && o.creates > 0) {
            o.creates--;
        }
    }

    public synchronized void deleted(String set, String podUid) {
        Open o = open.get(set);
        if (o != null) {
            o.deletes.remove(podUid);
        }
    }

    public synchronized void forget(String set) {
        open.remove(set);
    }

    public synchronized boolean met(String set) {
        Open o = open.get(set);
        return o == null || o.creates == 0 && o.deletes.isEmpty() || nanos.getAsLong() - o.since > LIMIT.toNanos();
    }
}
