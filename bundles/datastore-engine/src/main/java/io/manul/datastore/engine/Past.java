package io.manul.datastore.engine;

import io.manul.datastore.Batch;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads what was: changes after a revision, and the state at one, which is today's with the changes since taken back. From
 * the ring where it reaches back far enough, before that from the log. Safe from any thread.
 */
final class Past {

    private final Sequencer sequencer;
    private final CommitLog log;

    Past(Sequencer sequencer, CommitLog log) {
        this.sequencer = sequencer;
        this.log = log;
    }

    /** Changes after the revision, at most {@code limit} unless one revision has more; maybe none. */
    Batch changes(String from, String to, long after, int limit) throws DatastoreException {
        Snapshot now = sequencer.published();
        return changes(from, to, after, now.revision(), new Collector(from, to, limit));
    }

    private Batch changes(String from, String to, long after, long upTo, Collector into) throws DatastoreException {
        long done = after;
        while (done < upTo && !into.full()) {
            checkReadable(done + 1);
            List<Event> earlier = List.copyOf(into.events());
            if (earlier.isEmpty() && sequencer.ring().read(done, upTo, into)) {
                done = upTo;
            } else if (!earlier.isEmpty()) {
                return new Batch(earlier, done);
            } else {
                long start = Math.min(sequencer.ring().start(), upTo);
                if (start > done) {
                    history(from, to, done, start, into, done + 1);
                    done = start;
                }
            }
        }
        List<Event> events = List.copyOf(into.events());
        return new Batch(events, into.full() ? events.getLast().revision() : done);
    }

    /** What the log says is worth something only while nothing of it was compacted meanwhile. */
    private void history(String from, String to, long after, long upTo, CommitLog.Visitor into, long oldest)
            throws DatastoreException {
        try {
            log.history(from, to, after, upTo, into);
        } catch (DatastoreException e) {
            checkReadable(oldest);
            throw e;
        }
        checkReadable(oldest);
    }

    private void checkReadable(long revision) throws DatastoreException {
        long compact = sequencer.published().compact();
        if (revision < compact) {
            throw Engine.compacted(compact);
        }
    }

    KeyValue get(Snapshot now, String key, long revision) throws DatastoreException {
        return undone(now, key, key + '\0', revision).get(key);
    }

    Range range(Snapshot now, String from, String to, int limit, long revision) throws DatastoreException {
        TreeMap<String, KeyValue> then = undone(now, from, to, revision);
        List<KeyValue> items = new ArrayList<>();
        long[] count = {0};
        int most = limit == 0 ? Integer.MAX_VALUE : limit;
        now.tree().visit(from, to, kv -> {
            while (!then.isEmpty() && Keys.compare(then.firstKey(), kv.key()) < 0) {
                take(then.pollFirstEntry().getValue(), items, count, most);
            }
            take(then.containsKey(kv.key()) ? then.remove(kv.key()) : kv, items, count, most);
            return true;
        });
        then.values().forEach(kv -> take(kv, items, count, most));
        return new Range(revision, items, count[0], items.size() < count[0]);
    }

    private static void take(KeyValue kv, List<KeyValue> items, long[] count, int most) {
        if (kv != null) {
            count[0]++;
            if (items.size() < most) {
                items.add(kv);
            }
        }
    }

    /** What the keys that changed since the revision were then; null for those that were not. */
    private TreeMap<String, KeyValue> undone(Snapshot now, String from, String to, long revision) throws DatastoreException {
        TreeMap<String, KeyValue> then = new TreeMap<>(Keys::compare);
        long done = revision;
        while (done < now.revision()) {
            Collector recent = new Collector(from, to, Integer.MAX_VALUE);
            if (sequencer.ring().read(done, now.revision(), recent)) {
                recent.events().forEach(e -> undo(then, e));
                done = recent.full() ? recent.events().getLast().revision() : now.revision();
            } else {
                long start = Math.min(sequencer.ring().start(), now.revision());
                if (start > done) {
                    history(from, to, done, start, new Undo(then), revision);
                    done = start;
                }
            }
            checkReadable(revision);
        }
        return then;
    }

    private static void undo(TreeMap<String, KeyValue> then, Event event) {
        if (!then.containsKey(event.current().key())) {
            then.put(event.current().key(), event.previous());
        }
    }

    private record Undo(TreeMap<String, KeyValue> then) implements CommitLog.Visitor {
        @Override
        public boolean wants(String key) {
            return !then.containsKey(key);
        }

        @Override
        public boolean event(Event event) {
            undo(then, event);
            return true;
        }
    }
}
