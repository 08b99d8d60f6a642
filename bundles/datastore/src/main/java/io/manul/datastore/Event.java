package io.manul.datastore;

import java.util.Objects;

/**
 * One change. A create has no previous value; a delete's {@code current} has an empty value and the delete's revision.
 *
 * @param previous the value before; null for a create
 */
public record Event(Type type, KeyValue current, KeyValue previous) {
    public enum Type { PUT, DELETE }

    public Event {
        Objects.requireNonNull(current, "current");
    }

    public long revision() {
        return current.modRevision();
    }

    public boolean create() {
        return type == Type.PUT && previous == null;
    }
}
