package io.manul.datastore;

import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A revisioned, ordered key-value store (etcd API v3: KV, Watch, Compact). An empty store is at revision 1; every write
 * that changes something is one revision more; a revision never goes back and is never used twice, also across crashes.
 * Reads without a revision see every write acknowledged before they began. Keys are ordered by their UTF-8 bytes.
 *
 * <p>Blocking; safe from any thread; calls may be interrupted. An implementation holds no reference to callers.
 */
@ProviderType
public interface Datastore {

    /** Limit of a value in bytes (etcd: 1.5 MiB; Kubernetes objects fit with room to spare). */
    int MAX_VALUE = 3 << 19;

    long currentRevision() throws DatastoreException;

    /** Oldest revision that can be read and watched from. */
    long compactRevision() throws DatastoreException;

    /** @param revision 0 for now */
    Optional<KeyValue> get(String key, long revision) throws DatastoreException;

    /**
     * Keys in [from, to), in order.
     *
     * @param limit    0 for all
     * @param revision 0 for now
     */
    Range range(String from, String to, int limit, long revision) throws DatastoreException;

    /** Number of keys in [from, to) now. */
    long count(String from, String to) throws DatastoreException;

    /**
     * Writes when the key's mod revision equals {@code expected}; 0 means that the key must not exist. Returns after the
     * write is as durable as asked for.
     *
     * @param lease 0, or a lease of {@link #grant}
     */
    Result put(String key, byte[] value, long expected, long lease, Durability durability) throws DatastoreException;

    /** Deletes when the key exists and its mod revision equals {@code expected}; 0 deletes whatever is there. */
    Result delete(String key, long expected) throws DatastoreException;

    /** A lease: its keys are deleted {@code ttl} after the grant, by the store's own monotonic clock. */
    long grant(Duration ttl) throws DatastoreException;

    /**
     * The changes of [from, to) after a revision: returns as soon as there is one, or when {@code wait} passed or the
     * store is about to be replaced, then perhaps empty. A reader calls it in a loop with the progress it was given: the
     * revision is its cursor, so nothing is queued for it and nothing lost. A future revision is legal.
     *
     * @param limit most events to return; a revision is never split
     * @throws DatastoreException COMPACTED when {@code after + 1} is below the compact revision and events may be missing
     */
    Batch poll(String from, String to, long after, int limit, Duration wait) throws DatastoreException, InterruptedException;

    /** Forgets history before the revision, in slices that never hold a writer up for more than 5 ms. */
    void compact(long revision) throws DatastoreException;

    /** Bytes on disk (0 for memory), for metrics and people. */
    long sizeBytes() throws DatastoreException;

    /** The end of the range of keys that begin with the prefix: {@code range(p, end(p), ...)}. */
    static String end(String prefix) {
        int last = prefix.length() - 1;
        return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    }
}
