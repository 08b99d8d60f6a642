package io.manul.controllers.sets.daemonset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Duration after(long seconds) {
        now = now.plusSeconds(seconds);
        return backoff.next("n", now);
    }

    @Test
    void doublesUpToAQuarterOfAnHour() {
        assertEquals(Duration.ZERO, after(0));
        assertEquals(Duration.ofSeconds(1), after(0), "the first wait");
        assertEquals(Duration.ZERO, after(1));
        assertEquals(Duration.ofSeconds(1), after(1), "1 s of 2 s is over");
        for (long wait = 1; wait < 900; wait *= 2) {
            assertEquals(Duration.ZERO, after(wait * 2));
        }
        assertEquals(Duration.ofMinutes(15), after(0));
    }

    @Test
    void isForgottenAfterTwiceTheLongestWait() {
        after(0);
        after(10);
        assertEquals(Duration.ofSeconds(2), after(0));
        assertEquals(Duration.ZERO, after(1801));
        assertEquals(Duration.ofSeconds(1), after(0), "begins anew");
    }

    @Test
    void oneNodeDoesNotWaitForAnother() {
        after(0);
        assertEquals(Duration.ZERO, backoff.next("m", now));
    }
}
