package io.manul.datastore.testing;

import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Durability;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import io.manul.datastore.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Eight writers and four pollers at once, by a seed. In the end: each revision was given out once; each poller saw each
 * change of its range once, in order, with the previous value of the one before; replaying what it saw gives what is stored;
 * and what was read on the way is what the replay says of that revision.
 */
final class Crowd {

    private static final int WRITERS = 8;
    private static final int POLLERS = 4;
    private static final int KEYS = 40;
    private static final String FROM = "/c/";
    private static final String TO = Datastore.end(FROM);

    private final Datastore store;
    private final long seed;
    private final int writes;
    private final ConcurrentHashMap<Long, String> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Map<String, String>> seen = new ConcurrentHashMap<>();
    private final AtomicLongArray cursors = new AtomicLongArray(POLLERS);
    private volatile long stopAt = Long.MAX_VALUE;

    Crowd(Datastore store, long seed, int writes) {
        this.store = store;
        this.seed = seed;
        this.writes = writes;
        System.out.println("concurrency seed " + seed + " (again: -Dseed=" + seed + ")");
    }

    void run() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Event>>> pollers = new ArrayList<>();
            for (int i = 0; i < POLLERS; i++) {
                // two see all, two a part
                String from = i < 2 ? FROM : FROM + (i - 1);
                String to = i < 2 ? TO : FROM + i;
                Random random = new Random(seed + 100 + i);
                int poller = i;
                pollers.add(threads.submit(() -> poll(poller, from, to, random)));
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed + i);
                String name = "w" + i;
                writers.add(threads.submit(() -> write(name, random)));
            }
            for (Future<?> writer : writers) {
                writer.get(50, TimeUnit.SECONDS);
            }
            stopAt = store.currentRevision();
            List<List<Event>> histories = new ArrayList<>();
            for (Future<List<Event>> poller : pollers) {
                histories.add(poller.get(20, TimeUnit.SECONDS));
            }
            check(histories);
        }
    }

    private Void write(String name, Random random) throws DatastoreException {
        for (int i = 0; i < writes; i++) {
            String key = FROM + random.nextInt(KEYS);
            long expected = store.get(key, 0).map(KeyValue::modRevision).orElse(0L);
            String value = name + "-" + i;
            boolean delete = expected != 0 && random.nextInt(4) == 0;
            Result result = delete ? store.delete(key, expected) : store.put(key, value.getBytes(StandardCharsets.UTF_8),
                    expected, 0, random.nextInt(3) == 0 ? Durability.VOLATILE : Durability.DURABLE);
            if (result.succeeded()) {
                String before = acknowledged.put(result.revision(), key + "=" + (delete ? "" : value));
                require(before == null, "revision " + result.revision() + " was given out twice");
                require(store.currentRevision() >= result.revision(), "an acknowledged write is not visible");
            }
            if (random.nextInt(10) == 0) {
                look(random.nextBoolean() ? 0 : Math.max(store.compactRevision(), store.currentRevision() - random.nextInt(60)));
            }
            if (random.nextInt(400) == 0) {
                compact();
            }
        }
        return null;
    }

    private void look(long revision) throws DatastoreException {
        try {
            Range range = store.range(FROM, TO, 0, revision);
            Map<String, String> state = new TreeMap<>();
            range.items().forEach(kv -> state.put(kv.key(), new String(kv.value(), StandardCharsets.UTF_8)));
            require(state.size() == range.count(), "count " + range.count() + " of " + state.size() + " keys");
            Map<String, String> other = seen.putIfAbsent(range.revision(), state);
            require(other == null || other.equals(state), "two reads at revision " + range.revision() + " differ: " + other
                    + " and " + state);
        } catch (DatastoreException e) {
            require(e.reason() == Reason.COMPACTED, "a read failed: " + e);
        }
    }

    /** Just behind the slowest poller. */
    private void compact() throws DatastoreException {
        try {
            long slowest = Long.MAX_VALUE;
            for (int i = 0; i < POLLERS; i++) {
                slowest = Math.min(slowest, cursors.get(i));
            }
            store.compact(slowest);
        } catch (DatastoreException e) {
            require(e.reason() == Reason.COMPACTED, "a compaction failed: " + e);
        }
    }

    private List<Event> poll(int poller, String from, String to, Random random) throws Exception {
        List<Event> events = new ArrayList<>();
        long cursor = 1;
        while (cursor < stopAt) {
            Batch batch = store.poll(from, to, cursor, 1 + random.nextInt(50), Duration.ofMillis(20));
            require(batch.progress() >= cursor, "progress went back from " + cursor + " to " + batch.progress());
            for (Event event : batch.events()) {
                require(event.revision() > cursor && event.revision() <= batch.progress(),
                        "event " + event.revision() + " outside (" + cursor + ", " + batch.progress() + "]");
            }
            cursor = batch.progress();
            cursors.set(poller, cursor);
            events.addAll(batch.events());
        }
        return events;
    }

    // ---- what must hold

    private void check(List<List<Event>> histories) throws DatastoreException {
        List<Event> all = histories.getFirst();
        Map<Long, String> heard = new HashMap<>();
        Map<String, KeyValue> state = new HashMap<>();
        Map<String, String> values = new TreeMap<>();
        long last = 0;
        for (Event event : all) {
            require(event.revision() > last, "event " + event.revision() + " after " + last);
            checkReads(values, last, event.revision());
            last = event.revision();
            follow(event, state, values);
            heard.put(event.revision(), event.current().key() + "=" + text(event));
        }
        checkReads(values, last, Long.MAX_VALUE);
        require(heard.equals(acknowledged), "heard " + heard.size() + " changes, acknowledged " + acknowledged.size());
        require(values.size() == store.count(FROM, TO), "the replay ends elsewhere than the store");
        for (KeyValue kv : store.range(FROM, TO, 0, 0).items()) {
            require(same(kv, state.get(kv.key())), "the replay ends with " + state.get(kv.key()) + ", stored is " + kv);
        }
        require(revisions(histories.get(1)).equals(revisions(all)), "two pollers of one range heard different things");
        for (int i = 2; i < POLLERS; i++) {
            String from = FROM + (i - 1);
            String to = FROM + i;
            List<Event> part = all.stream().filter(e -> e.current().key().compareTo(from) >= 0
                    && e.current().key().compareTo(to) < 0).toList();
            require(revisions(histories.get(i)).equals(revisions(part)), "a poller of a part heard something else");
        }
    }

    private void follow(Event event, Map<String, KeyValue> state, Map<String, String> values) {
        String key = event.current().key();
        KeyValue before = state.get(key);
        require(same(before, event.previous()), "revision " + event.revision() + " says that " + event.previous() + " was before, it was " + before);
        if (event.type() == Event.Type.DELETE) {
            state.remove(key);
            values.remove(key);
        } else {
            long version = before == null ? 1 : before.version() + 1;
            require(event.current().version() == version, "version " + event.current().version() + " instead of " + version);
            state.put(key, event.current());
            values.put(key, text(event));
        }
    }

    private static boolean same(KeyValue a, KeyValue b) {
        return a == null || b == null ? a == b : a.key().equals(b.key()) && a.modRevision() == b.modRevision()
                && a.createRevision() == b.createRevision() && a.version() == b.version() && a.lease() == b.lease()
                && Arrays.equals(a.value(), b.value());
    }

    private void checkReads(Map<String, String> values, long from, long to) {
        seen.forEach((revision, read) -> {
            if (revision >= from && revision < to) {
                require(read.equals(values), "read at revision " + revision + ": " + read + ", replayed: " + values);
            }
        });
    }

    private static String text(Event event) {
        return new String(event.current().value(), StandardCharsets.UTF_8);
    }

    private static List<Long> revisions(List<Event> events) {
        return events.stream().map(Event::revision).toList();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise + " (seed " + seed + ")");
        }
    }
}
