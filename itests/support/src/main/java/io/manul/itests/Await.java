package io.manul.itests;

import java.time.Duration;

/** Waits for a state of the world, with a limit; fails with what was seen last. */
public final class Await {

    /** Something that becomes true. */
    @FunctionalInterface
    public interface Check {
        /** @return empty when it is so, else what is seen instead */
        String missing() throws Exception;
    }

    private static final Duration STEP = Duration.ofMillis(100);

    private Await() {
    }

    public static void until(Duration limit, String what, Check check) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        String seen = check.missing();
        while (!seen.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + " did not happen within " + limit.toSeconds() + " s; seen: " + seen);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(STEP.toNanos());
            seen = check.missing();
        }
    }
}
