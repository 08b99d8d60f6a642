package io.manul.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Gives memory back that a load needed. The heap shrinks in a full collection only ({@code -XX:-ShrinkHeapInSteps}), and where
 * nothing is allocated none comes by itself: one is made at the first quiet moment after the heap grew. It takes a few hundredths
 * of a second. Runs on the launcher's thread.
 */
final class Trim {

    /** How often to look. */
    static final Duration EVERY = Duration.ofSeconds(15);
    /** Quiet: less than 2 % of a processor since the last look. */
    private static final long QUIET_MILLIS = EVERY.toMillis() / 50;
    private static final long SMALL_BYTES = 40L << 20;
    private static final long TICK_MILLIS = 10; // proc(5): sysconf(_SC_CLK_TCK) is 100 on every Linux

    private final LongSupplier usedMillis;
    private final LongSupplier heapBytes;
    private final Runnable collect;
    private long lastMillis;
    private long leftBytes;

    /** @param usedMillis processor time of this process, negative when it cannot be known @param heapBytes what the heap has taken @param collect in full */
    Trim(LongSupplier usedMillis, LongSupplier heapBytes, Runnable collect) {
        this.usedMillis = usedMillis;
        this.heapBytes = heapBytes;
        this.collect = collect;
        this.lastMillis = usedMillis.getAsLong();
    }

    static Trim ofThisProcess() {
        return new Trim(Trim::processMillis, Runtime.getRuntime()::totalMemory, System::gc);
    }

    /** To be called each {@link #EVERY}. */
    void look() {
        long now = usedMillis.getAsLong();
        boolean quiet = now >= 0 && lastMillis >= 0 && now - lastMillis < QUIET_MILLIS;
        if (quiet && heapBytes.getAsLong() > Math.max(SMALL_BYTES, leftBytes * 5 / 4)) {
            collect.run();
            leftBytes = heapBytes.getAsLong();
            now = usedMillis.getAsLong();
        }
        lastMillis = now;
    }

    private static long processMillis() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MILLIS; // utime, stime
        } catch (IOException e) {
            return -1; // no free file descriptor, say: not a quiet moment, and no reason to stop the server
        }
    }
}
