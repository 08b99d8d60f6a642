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
     * What one step keeps.
     *
     * @param whole keys of which all skipped changes are kept: a chain is written whole or not at all, because the sweep
     *              finds a superseded row only by the row that names it
     */
    record Plan(List<CommitLog.Row> rows, List<Event> own, Set<String> whole) {
    }

    /**
     * The pending changes that the step's own ones do not supersede, its own ones, and what the ring is about to forget.
     *
     * @param start  everything after it is in the ring now
     * @param forget everything after it will be
     */
    Plan plan(List<Event> own, long start, long forget) {
        Set<String> keys = new HashSet<>();
        own.forEach(e -> keys.add(e.current().key()));
        Set<String> whole = forget > start ? forgotten(keys, start, forget) : Set.of();
        List<CommitLog.Row> rows = new ArrayList<>();
        pending.forEach((key, p) -> {
            if (!keys.contains(key) || whole.contains(key)) {
                rows.add(new CommitLog.Row(p.event, 0, p.base));
            }
        });
        if (!whole.isEmpty()) {
            for (Skipped s : skipped.values()) {
                if (whole.contains(s.event.current().key())) {
                    rows.add(new CommitLog.Row(s.event, 0, 0));
                }
            }
        }
        rows.sort((a, b) -> Long.compare(a.event().revision(), b.event().revision()));
        own(own, rows);
        return new Plan(rows, own, whole);
    }

    /** Keys with a change that will be asked of the log: as an event, or as the one before an event. */
    private Set<String> forgotten(Set<String> superseded, long start, long forget) {
        Set<String> whole = new HashSet<>();
        for (Skipped s : skipped.values()) {
            long revision = s.event.revision();
            if (revision > start && revision <= forget || s.by <= forget) {
                whole.add(s.event.current().key());
            }
        }
        for (String key : superseded) {
            Pending p = pending.get(key);
            if (p != null && p.event.revision() <= forget) {
                whole.add(key);
            }
        }
        return whole;
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

    /** Up to which revision the ring may forget while nothing of this is written. */
    long mayForget(long start) {
        long first = Long.MAX_VALUE;
        for (Pending p : pending.values()) {
            first = Math.min(first, p.event.revision());
        }
        for (Skipped s : skipped.values()) {
            long revision = s.event.revision();
            first = Math.min(first, revision > start ? revision : s.by);
        }
        return first - 1;
    }

    /** The step was kept. */
    void kept(Plan plan) {
        for (Event event : plan.own) {
            String key = event.current().key();
            Pending before = pending.remove(key);
            if (before != null && !plan.whole.contains(key)) {
                skip(before.event, event);
            }
        }
        pending.clear();
        if (!plan.whole.isEmpty()) {
            skipped.values().removeIf(s -> plan.whole.contains(s.event.current().key()));
        }
    }

    private void skip(Event event, Event by) {
        skipped.put(event.revision(), new Skipped(event, by.revision()));
    }

    /** History before the revision is forgotten: only what a key still was at the revision can be asked for. */
    void forget(long before) {
        skipped.headMap(before).values().removeIf(s -> s.by < before);
    }
}
