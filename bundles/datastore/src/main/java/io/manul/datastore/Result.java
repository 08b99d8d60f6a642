package io.manul.datastore;

import java.util.Optional;

/**
 * What a guarded write did.
 *
 * @param succeeded false when the guard did not hold; then nothing changed
 * @param revision  the write's revision, or the store's when nothing changed
 * @param current   the key's value now: the written one; when the guard failed, the one that stands in the way; empty when
 *                  the key does not exist
 */
public record Result(boolean succeeded, long revision, Optional<KeyValue> current) {
}
