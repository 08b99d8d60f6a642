package io.manul.datastore.engine;

import io.manul.datastore.Event;
import java.util.ArrayList;
import java.util.List;

/** Takes the events of a range in order, up to a limit, and never splits a revision. */
final class Collector implements CommitLog.Visitor {

    /** Most bytes of values in one batch, unless one revision alone has more. */
    private static final long MAX_BYTES = 4 << 20;

    private final String from;
    private final String to;
    private final int limit;
    private final List<Event> events = new ArrayList<>();
    private long bytes;
    private boolean full;

    Collector(String from, String to, int limit) {
        this.from = from;
        this.to = to;
        this.limit = limit;
    }

    @Override
    public boolean wants(String key) {
        return Keys.within(key, from, to);
    }

    /** False when there is no room for this one and those after it. */
    @Override
    public boolean event(Event event) {
        if (!wants(event.current().key())) {
            return true;
        }
        if ((events.size() >= limit || bytes >= MAX_BYTES) && event.revision() != events.getLast().revision()) {
            full = true;
            return false;
        }
        bytes += Ring.weight(event);
        return events.add(event);
    }

    void clear() {
        events.clear();
        bytes = 0;
        full = false;
    }

    List<Event> events() {
        return events;
    }

    boolean full() {
        return full;
    }
}
