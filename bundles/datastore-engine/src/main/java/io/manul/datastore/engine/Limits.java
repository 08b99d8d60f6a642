package io.manul.datastore.engine;

import java.time.Duration;

/**
 * @param ringBytes  memory for recent changes that are no longer current; older ones are read from the log
 * @param liveBytes  most bytes of current keys and values; beyond, only deletes and shrinking writes are taken
 * @param flushEvery longest time that a volatile write stays off the disk
 */
public record Limits(long ringBytes, long liveBytes, Duration flushEvery) {

    /** For a heap of that many bytes (64 MB: a ring of 4 MB, 32 MB of objects). */
    public static Limits forHeap(long heapBytes) {
        return new Limits(Math.max(1 << 20, heapBytes / 16), heapBytes / 2, Duration.ofSeconds(30));
    }

    public static Limits inMemory() {
        return new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofSeconds(30));
    }
}
