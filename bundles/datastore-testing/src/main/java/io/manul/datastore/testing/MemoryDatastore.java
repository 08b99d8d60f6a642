package io.manul.datastore.testing;

import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Durability;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Range;
import io.manul.datastore.Result;
import io.manul.datastore.engine.Engine;
import io.manul.datastore.engine.Limits;
import io.manul.datastore.engine.MemoryLog;
import java.time.Duration;
import java.util.Optional;

/**
 * A datastore in memory: the engine of the real one without its disk, so it behaves as that one does, watches, leases, old
 * revisions and compaction included. It imitates no failure of a disk. It has one daemon thread; {@link #close} ends it.
 */
public final class MemoryDatastore implements Datastore, AutoCloseable {

    private final Engine engine;

    public MemoryDatastore() {
        try {
            engine = new Engine(new MemoryLog(), Limits.inMemory(), System::nanoTime, "memory-datastore");
        } catch (DatastoreException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long currentRevision() throws DatastoreException {
        return engine.currentRevision();
    }

    @Override
    public long compactRevision() throws DatastoreException {
        return engine.compactRevision();
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) throws DatastoreException {
        return engine.get(key, revision);
    }

    @Override
    public Range range(String from, String to, int limit, long revision) throws DatastoreException {
        return engine.range(from, to, limit, revision);
    }

    @Override
    public long count(String from, String to) throws DatastoreException {
        return engine.count(from, to);
    }

    @Override
    public Result put(String key, byte[] value, long expected, long lease, Durability durability) throws DatastoreException {
        return engine.put(key, value, expected, lease, durability);
    }

    @Override
    public Result delete(String key, long expected) throws DatastoreException {
        return engine.delete(key, expected);
    }

    @Override
    public long grant(Duration ttl) throws DatastoreException {
        return engine.grant(ttl);
    }

    @Override
    public Batch poll(String from, String to, long after, int limit, Duration wait)
            throws DatastoreException, InterruptedException {
        return engine.poll(from, to, after, limit, wait);
    }

    @Override
    public void compact(long revision) throws DatastoreException {
        engine.compact(revision);
    }

    @Override
    public long sizeBytes() throws DatastoreException {
        return engine.sizeBytes();
    }

    @Override
    public void close() {
        engine.close();
    }
}
