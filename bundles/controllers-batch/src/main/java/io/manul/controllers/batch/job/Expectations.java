package io.manul.controllers.batch.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What was sent and not seen in the caches yet, by the uid of the Job: creates and deletes of pods (until they are seen no pod is
 * made or removed), pods that lost their finalizer (not counted a second time), the version of the Job written last (an older
 * one is not acted on). Creates and deletes are given up after 5 min. Guarded by its monitor.
 */
final class Expectations {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final class Open {
        int creates;
        final Set<String> deletes = new HashSet<>();
        final Set<String> finalizers = new HashSet<>();
        long since;
        long written;
    }

    private final LongSupplier nanos;
    private final Map<String, Open> open = new HashMap<>();

    Expectations(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private Open open(String job) {
        Open o = open.computeIfAbsent(job, k -> new Open());
        o.since = nanos.getAsLong();
        return o;
    }

    synchronized void create(String job, int count) {
        open(job).creates += count;
    }

    synchronized void created(String job) {
        Open o = open.get(job);
        if (o != null && o.creates > 0) {
            o.creates--;
        }
    }

    synchronized void delete(String job, String podUid) {
        open(job).deletes.add(podUid);
    }

    synchronized void deleted(String job, String podUid) {
        Open o = open.get(job);
        if (o != null) {
            o.deletes.remove(podUid);
        }
    }

    synchronized boolean met(String job) {
        Open o = open.get(job);
        return o == null || o.creates == 0 && o.deletes.isEmpty() || nanos.getAsLong() - o.since > LIMIT.toNanos();
    }

    synchronized void release(String job, String podUid) {
        open(job).finalizers.add(podUid);
    }

    synchronized void released(String job, String podUid) {
        Open o = open.get(job);
        if (o != null) {
            o.finalizers.remove(podUid);
        }
    }

    /** Pods whose finalizer was removed, though the cache may show it still. */
    synchronized Set<String> released(String job) {
        Open o = open.get(job);
        return o == null ? Set.of() : Set.copyOf(o.finalizers);
    }

    synchronized void wrote(String job, String version) {
        if (version.matches("[0-9]{1,18}")) {
            open(job).written = Long.parseLong(version);
        }
    }

    /** The cache shows the Job as it was written last, or newer. */
    synchronized boolean current(String job, String version) {
        Open o = open.get(job);
        return o == null || o.written == 0 || !version.matches("[0-9]{1,18}") || Long.parseLong(version) >= o.written;
    }

    synchronized void forget(String job) {
        open.remove(job);
    }
}
