package io.manul.datastore;

import io.manul.api.gate.Gate;
import java.time.Duration;
import java.util.Optional;

/** What callers hold: each call enters the current provider behind the gate. While one is replaced, calls wait. */
public final class GatedDatastore implements Datastore {

    private final Gate<Datastore> gate;

    public GatedDatastore(Gate<Datastore> gate) {
        this.gate = gate;
    }

    @Override
    public long currentRevision() throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().currentRevision();
        }
    }

    @Override
    public long compactRevision() throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().compactRevision();
        }
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().get(key, revision);
        }
    }

    @Override
    public Range range(String from, String to, int limit, long revision) throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().range(from, to, limit, revision);
        }
    }

    @Override
    public long count(String from, String to) throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().count(from, to);
        }
    }

    @Override
    public Result put(String key, byte[] value, long expected, long lease, Durability durability) throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().put(key, value, expected, lease, durability);
        }
    }

    @Override
    public Result delete(String key, long expected) throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().delete(key, expected);
        }
    }

    @Override
    public long grant(Duration ttl) throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().grant(ttl);
        }
    }

    @Override
    public Batch poll(String from, String to, long after, int limit, Duration wait)
            throws DatastoreException, InterruptedException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().poll(from, to, after, limit, wait);
        }
    }

    @Override
    public void compact(long revision) throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            slot.service().compact(revision);
        }
    }

    @Override
    public long sizeBytes() throws DatastoreException {
        try (Gate.Slot<Datastore> slot = gate.enter()) {
            return slot.service().sizeBytes();
        }
    }
}
