package io.manul.api.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {

    private final Gate<String> gate = new Gate<>("room", Duration.ofMillis(50));

    @Test
    void aClosedGateGivesUpAfterItsPatience() {
        assertTrue(assertThrows(Unavailable.class, gate::enter).getMessage().contains("room"));
    }

    @Test
    void callersWaitAtAClosedGateUntilSomebodyServes() throws Exception {
        Gate<String> patient = new Gate<>("room", Duration.ofSeconds(10));
        List<String> served = new ArrayList<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try (Gate.Slot<String> slot = patient.enter()) {
                served.add(slot.service());
            }
        });
        patient.flip("one", "1");
        caller.join();
        assertEquals(List.of("one"), served);
    }

    @Test
    void runningCallsFinishOnTheOldProvider() throws Exception {
        gate.flip("old", "1");
        Gate.Slot<String> running = gate.enter();
        Gate.Slot<String> old = gate.flip("new", "2").orElseThrow();
        try (Gate.Slot<String> next = gate.enter()) {
            assertEquals("new", next.service());
        }
        assertTrue(running.retired());
        assertFalse(old.drain(Duration.ofMillis(1)));
        running.close();
        assertTrue(old.drain(Duration.ofSeconds(1)));
    }

    /** A provider that was drained is never called again: 8 callers against 2,000 flips. */
    @Test
    void nobodyIsInsideADrainedSlot() throws Exception {
        Gate<AtomicBoolean> busy = new Gate<>("room", Duration.ofSeconds(5));
        busy.flip(new AtomicBoolean(true), "0");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    try (Gate.Slot<AtomicBoolean> slot = busy.enter()) {
                        if (!slot.service().get()) {
                            wrong.incrementAndGet();
                        }
                    }
                }
                done.countDown();
            });
        }
        for (int i = 1; i <= 2000; i++) {
            Gate.Slot<AtomicBoolean> old = busy.flip(new AtomicBoolean(true), Integer.toString(i)).orElseThrow();
            assertTrue(old.drain(Duration.ofSeconds(5)));
            old.service().set(false);
        }
        stop.set(true);
        done.await();
        assertEquals(0, wrong.get());
    }
}
