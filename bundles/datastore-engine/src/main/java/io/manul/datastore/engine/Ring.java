package io.manul.datastore.engine;

import io.manul.datastore.Event;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Recent changes in revision order. One writer (the sequencer); readers take no lock: they read slots and then look
 * whether the writer gave up one that they had read, in which case they know nothing. All of its fields that readers see
 * are volatile, so a reader that sees a slot's next content also sees the head beyond it.
 */
final class Ring {

    /** Objects of one event beside its values: event, key-value, references. */
    private static final int OVERHEAD = 120;

    private volatile AtomicReferenceArray<Event> slots = new AtomicReferenceArray<>(64);
    /** Sequence numbers: events [head, tail) are here, number n in slot n modulo the capacity. */
    private volatile long head;
    private volatile long tail;
    /** Every event after this revision is here. */
    private volatile long start;
    /** Of the events here; the writer's. */
    private long bytes;

    Ring(long start) {
        this.start = start;
    }

    static long weight(Event event) {
        return OVERHEAD + event.current().value().length + (event.previous() == null ? 0 : event.previous().value().length);
    }

    /** What an event keeps alive that nothing else does: the value before. */
    private static long cost(Event event) {
        return OVERHEAD + (event.previous() == null ? 0 : event.previous().value().length);
    }

    long start() {
        return start;
    }

    long bytes() {
        return bytes;
    }

    // ---- the writer

    void append(List<Event> events) {
        for (Event event : events) {
            if (tail - head == slots.length()) {
                grow();
            }
            slots.set((int) (tail & slots.length() - 1), event);
            tail = tail + 1;
            bytes += cost(event);
        }
    }

    private void grow() {
        AtomicReferenceArray<Event> old = slots;
        AtomicReferenceArray<Event> next = new AtomicReferenceArray<>(old.length() * 2);
        for (long n = head; n < tail; n++) {
            next.set((int) (n & next.length() - 1), old.get((int) (n & old.length() - 1)));
        }
        slots = next;
    }

    /** Up to which revision to forget so that {@code more} events fit; the start when nothing need be forgotten. */
    long overflow(List<Event> more, long budget) {
        long over = bytes - budget;
        for (Event event : more) {
            over += cost(event);
        }
        long upTo = start;
        for (long n = head; n < tail && over > 0; n++) {
            Event event = at(n);
            over -= cost(event);
            upTo = event.revision();
        }
        return upTo;
    }

    /** Forgets the events up to and including the revision. */
    void forget(long upTo) {
        if (upTo <= start) {
            return;
        }
        start = upTo;
        long from = head;
        long n = from;
        while (n < tail && at(n).revision() <= upTo) {
            bytes -= cost(at(n));
            n++;
        }
        head = n;
        for (long i = from; i < n; i++) {
            slots.set((int) (i & slots.length() - 1), null);
        }
    }

    private Event at(long n) {
        AtomicReferenceArray<Event> s = slots;
        return s.get((int) (n & s.length() - 1));
    }

    // ---- readers

    /**
     * Hands the events of (after, upTo] to the collector. False when some of them are not here (any more); the collector
     * is empty then.
     */
    boolean read(long after, long upTo, Collector into) {
        if (after < start) {
            return false;
        }
        long end = tail;
        long first = find(after, end);
        boolean well = first >= 0;
        for (long n = first; well && n < end; n++) {
            Event event = at(n);
            if (event == null) {
                well = false;
            } else if (event.revision() > upTo || !into.event(event)) {
                break;
            }
        }
        if (!well || head > first || after < start) {
            into.clear();
            return false;
        }
        return true;
    }

    /** Number of the first event after the revision, sought back from the end, where nearly all readers are; -1: gone. */
    private long find(long after, long end) {
        long low = end;
        for (long step = 1;; step <<= 1) {
            long h = head;
            long n = Math.max(h, low - step);
            if (n >= low) {
                return low;
            }
            Event event = at(n);
            if (event == null) {
                return -1;
            }
            if (event.revision() <= after) {
                return between(n + 1, low, after);
            }
            low = n;
        }
    }

    private long between(long low, long high, long after) {
        while (low < high) {
            long middle = (low + high) >>> 1;
            Event event = at(middle);
            if (event == null) {
                return -1;
            }
            if (event.revision() <= after) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
