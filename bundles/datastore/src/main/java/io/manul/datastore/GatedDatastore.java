package io.manul.datastore;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Unavailable;
import java.time.Duration;
import java.util.Optional;

/**
 * What callers hold: each call enters the current provider behind the gate. While one is replaced, calls wait. A call that
 * entered a provider just before it ended, and that it refused untouched ({@link Unavailable}), runs again on the next one.
 * Safe from any thread.
 */
public final class GatedDatastore implements Datastore {

    private final Gate<Datastore> gate;

    public GatedDatastore(Gate<Datastore> gate) {
        this.gate = gate;
    }

    private interface Call<T, E extends Exception> {
        T on(Datastore provider) throws DatastoreException, E;
    }

    private <T, E extends Exception> T call(Call<T, E> call) throws DatastoreException, E {
        for (;;) {
            Gate.Slot<Datastore> slot = gate.enter();
            boolean well = false;
            try {
                T answer = call.on(slot.service());
                well = true;
                return answer;
            } catch (Unavailable e) {
                well = slot.retired();
                if (!well) {
                    throw e;
                }
            } catch (DatastoreException e) {
                well = e.reason() != DatastoreException.Reason.UNAVAILABLE;
                throw e;
            } finally {
                slot.count(well);
                slot.close();
            }
        }
    }

    @Override
    public long currentRevision() throws DatastoreException {
        return call(Datastore::currentRevision);
    }

    @Override
    public long compactRevision() throws DatastoreException {
        return call(Datastore::compactRevision);
    }

    @Override
    public Optional<KeyValue> get(String key, long revision) throws DatastoreException {
        return call(d -> d.get(key, revision));
    }

    @Override
    public Range range(String from, String to, int limit, long revision) throws DatastoreException {
        return call(d -> d.range(from, to, limit, revision));
    }

    @Override
    public long count(String from, String to) throws DatastoreException {
        return call(d -> d.count(from, to));
    }

    @Override
    public Result put(String key, byte[] value, long expected, long lease, Durability durability) throws DatastoreException {
        return call(d -> d.put(key, value, expected, lease, durability));
    }

    @Override
    public Result delete(String key, long expected) throws DatastoreException {
        return call(d -> d.delete(key, expected));
    }

    @Override
    public long grant(Duration ttl) throws DatastoreException {
        return call(d -> d.grant(ttl));
    }

    @Override
    public Batch poll(String from, String to, long after, int limit, Duration wait)
            throws DatastoreException, InterruptedException {
        return this.<Batch, InterruptedException>call(d -> d.poll(from, to, after, limit, wait));
    }

    @Override
    public void compact(long revision) throws DatastoreException {
        call(d -> {
            d.compact(revision);
            return Boolean.TRUE;
        });
    }

    @Override
    public long sizeBytes() throws DatastoreException {
        return call(Datastore::sizeBytes);
    }
}
