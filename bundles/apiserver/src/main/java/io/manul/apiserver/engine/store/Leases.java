package io.manul.apiserver.engine.store;

import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leases for objects that go away by themselves: all writes of one minute share one, which lives a minute longer (as
 * upstream's lease manager does). Safe from any thread.
 */
public final class Leases {

    private static final Duration BUCKET = Duration.ofSeconds(60);

    private record Bucket(long lease, Instant until) {
    }

    private final Datastore datastore;
    private final InstantSource clock;
    private final Map<Duration, Bucket> buckets = new ConcurrentHashMap<>();

    public Leases(Datastore datastore, InstantSource clock) {
        this.datastore = datastore;
        this.clock = clock;
    }

    /** A lease that holds at least {@code life} from now. */
    public long of(Duration life) throws DatastoreException {
        Instant now = clock.instant();
        Bucket there = buckets.get(life);
        if (there != null && now.isBefore(there.until)) {
            return there.lease;
        }
        Bucket made = new Bucket(datastore.grant(life.plus(BUCKET)), now.plus(BUCKET));
        buckets.put(life, made);
        return made.lease;
    }

    /** Forgets the leases after the datastore said that one does not exist. */
    public void forget() {
        buckets.clear();
    }
}
