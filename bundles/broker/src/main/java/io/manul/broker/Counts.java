package io.manul.broker;

import java.util.concurrent.atomic.AtomicLong;

/** How the broker fares. Safe from any thread. */
final class Counts {

    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile String trouble = "";

    void packet() {
        packets.incrementAndGet();
    }

    void failed(Throwable bug) {
        failures.incrementAndGet();
        trouble = bug.toString();
    }

    long packets() {
        return packets.get();
    }

    long failures() {
        return failures.get();
    }

    String trouble() {
        return trouble;
    }
}
