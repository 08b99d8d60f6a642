package io.manul.datastore;

import java.util.List;

/**
 * Changes in revision order, all events of one revision together.
 *
 * @param progress every event of the range up to and including this revision has been handed out with this batch
 */
public record Batch(List<Event> events, long progress) {
}
