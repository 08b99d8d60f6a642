package io.manul.kine.internal;

import io.manul.api.component.Component.Health;
import io.manul.api.gate.Unavailable;
import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Durability;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import io.manul.datastore.Result;
import io.manul.datastore.engine.Engine;
import java.time.Duration;
import java.util.Optional;

/** What goes into the gate: the same object before, between and after the times that the file is open. */
final class Door implements Datastore {

    private volatile Engine engine;

    void open(Engine opened) {
        engine = opened;
    }

    void close() {
        Engine open = engine;
        if (open != null) {
            open.close();
            engine = null;
        }
    }

    Health health() {
        Engine open = engine;
        return open == null ? Health.IDLE
                : new Health(open.steps(), open.failures(), open.stuckMillis(), open.trouble());
    }

    int waiting() {
        Engine open = engine;
        return open == null ? 0 : open.waiting();
    }

    private Engine engine() {
        Engine open = engine;
        if (open == null) {
            throw new Unavailable("the datastore is not open; the call was not carried out");
        }
        return open;
    }

    @Override
    public long currentRevision() {
        return engine().currentRevision();
    }

    @Override
    public long compactRevision() {
        return engine().compactRevision();
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) throws DatastoreException {
        return engine().get(key, revision);
    }

    @Override
    public Range range(String from, String to, int limit, long revision) throws DatastoreException {
        return engine().range(from, to, limit, revision);
    }

    @Override
    public long count(String from, String to) {
        return engine().count(from, to);
    }

    @Override
    public Result put(String key, byte[] value, long expected, long lease, Durability durability) throws DatastoreException {
        return engine().put(key, value, expected, lease, durability);
    }

    @Override
    public Result delete(String key, long expected) throws DatastoreException {
        return engine().delete(key, expected);
    }

    @Override
    public long grant(Duration ttl) throws DatastoreException {
        return engine().grant(ttl);
    }

    @Override
    public Batch poll(String from, String to, long after, int limit, Duration wait)
            throws DatastoreException, InterruptedException {
        return engine().poll(from, to, after, limit, wait);
    }

    @Override
    public void compact(long revision) throws DatastoreException {
        engine().compact(revision);
    }

    @Override
    public long sizeBytes() throws DatastoreException {
        return engine().sizeBytes();
    }
}
