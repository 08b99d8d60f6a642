package io.manul.datastore;

import java.util.List;

/**
 * A consistent read of a key range.
 *
 * @param revision the revision it shows
 * @param count    keys in the whole range at that revision, whatever the limit
 * @param more     true when the limit cut it
 */
public record Range(long revision, List<KeyValue> items, long count, boolean more) {
}
