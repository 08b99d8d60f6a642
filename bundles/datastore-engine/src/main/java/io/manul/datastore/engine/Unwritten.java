package io.manul.datastore.engine;

import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Volatile changes that are visible but not in the log. The newest of a key is <em>pending</em>: the next step keeps it.
 * Those before it are <em>skipped</em>: they live in the ring and reach the log only when the ring forgets them before a
 * compaction does, or at a clean end, so that history has no hole that a reader could fall into. The sequencer's own.
 */
final class Unwritten {

    private record Pending(Event event, long base) {
    }

    /** @param by the revision that superseded it */
    private record Skipped(Event event, long by) {
    }

    private final Map<String, Pending> pending = new HashMap<>();
    private final TreeMap<Long, Skipped> skipped = new TreeMap<>();

    boolean pending() {
        return !pending.isEmpty();
    }

    /** Takes changes that no step keeps now. */
    void add(List<Event> events) {
        for (Event event : events) {
            String key = event.current().key();
            Pending before = pending.get(key);
            if (before != null) {
                skip(before.event, event);
            }
            pending.put(key, new Pending(event, before == null ? 0 : base(before)));
        }
    }

    /** The key's newest row in the log, seen from behind a change that was never written. */
    private static long base(Pending before) {
        KeyValue previous = before.event.previous();
        return before.base != 0 || previous == null ? before.base : previous.modRevision();
    }

    /**
     * What a step has to keep: the pending changes that its own ones do not supersede, its own ones, and the skipped ones
     * up to a revision.
     */
    List<CommitLog.Row> rows(List<Event> own, long skippedUpTo) {
        List<CommitLog.Row> rows = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        own.forEach(e -> keys.add(e.current().key()));
        for (Pending p : pending.values()) {
            if (!keys.contains(p.event.current().key()) || p.event.revision() <= skippedUpTo) {
                rows.add(new CommitLog.Row(p.event, 0, p.base));
            }
        }
        skipped.headMap(skippedUpTo, true).values().forEach(s -> rows.add(new CommitLog.Row(s.event, 0, 0)));
        rows.sort((a, b) -> Long.compare(a.event().revision(), b.event().revision()));
        own(own, rows);
        return rows;
    }

    private void own(List<Event> own, List<CommitLog.Row> rows) {
        Set<String> met = new HashSet<>();
        long revision = 0;
        int sub = 0;
        for (Event event : own) {
            sub = event.revision() == revision ? sub + 1 : 0;
            revision = event.revision();
            Pending before = met.add(event.current().key()) ? pending.get(event.current().key()) : null;
            rows.add(new CommitLog.Row(event, sub, before == null ? 0 : base(before)));
        }
    }

    /** The step of {@link #rows} with the same arguments was kept. */
    void kept(List<Event> own, long skippedUpTo) {
        for (Event event : own) {
            Pending before = pending.remove(event.current().key());
            if (before != null && before.event.revision() > skippedUpTo) {
                skip(before.event, event);
            }
        }
        pending.clear();
        skipped.headMap(skippedUpTo, true).clear();
    }

    private void skip(Event event, Event by) {
        skipped.put(event.revision(), new Skipped(event, by.revision()));
    }

    /** History before the revision is forgotten: only what a key still was at the revision can be asked for. */
    void forget(long before) {
        skipped.headMap(before).values().removeIf(s -> s.by < before);
    }
}
