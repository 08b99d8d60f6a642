package io.manul.datastore;

/**
 * One key's value at one revision. The byte array is shared with the store and every reader: nobody writes into it.
 *
 * @param createRevision revision of the write that created the key
 * @param modRevision    revision of the write that gave it this value
 * @param version        writes since the creation, the creation being 1
 * @param lease          0, or the lease that the key goes away with
 */
public record KeyValue(String key, byte[] value, long createRevision, long modRevision, long version, long lease) {
}
