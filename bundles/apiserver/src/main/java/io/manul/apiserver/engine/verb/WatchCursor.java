package io.manul.apiserver.engine.verb;

import java.util.Optional;

/**
 * Where a watch stands, so that another version goes on from there: {@code 1;L;REVISION;DEADLINE;KEY} inside the initial list
 * (after KEY, which may be empty), {@code 1;W;REVISION;DEADLINE} behind it. The leading number is the version of this format.
 *
 * @param listing  inside the initial list
 * @param revision of the initial list, or up to which events were sent
 * @param deadline when the watch ends, in milliseconds since the epoch
 * @param key      last key sent of the initial list
 */
record WatchCursor(boolean listing, long revision, long deadline, String key) {

    static Optional<WatchCursor> parse(Optional<String> text) {
        return text.flatMap(WatchCursor::parse);
    }

    private static Optional<WatchCursor> parse(String text) {
        String[] parts = text.split(";", 5);
        if (!parts[0].equals("1") || parts.length < 4) {
            return Optional.empty();
        }
        boolean listing = parts[1].equals("L");
        return Optional.of(new WatchCursor(listing, Long.parseLong(parts[2]), Long.parseLong(parts[3]),
                parts.length > 4 ? parts[4] : ""));
    }

    static WatchCursor watching(long revision, long deadline) {
        return new WatchCursor(false, revision, deadline, "");
    }

    WatchCursor after(String key) {
        return new WatchCursor(true, revision, deadline, key);
    }

    WatchCursor at(long revision) {
        return watching(revision, deadline);
    }

    String text() {
        return "1;" + (listing ? "L;" : "W;") + revision + ";" + deadline + (listing ? ";" + key : "");
    }
}
