package io.manul.kubelet.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;

    @Test
    void theFirstRestartIsAtOnceThenTenSecondsDoublingToFiveMinutes() {
        Backoff backoff = new Backoff(clock);
        long[] seconds = {0, 10, 20, 40, 80, 160, 300, 300};
        for (long wait : seconds) {
            Instant failed = now;
            assertEquals(wait == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(wait)), backoff.left("c", failed));
            now = now.plusSeconds(wait);
            assertEquals(Optional.empty(), backoff.left("c", failed), "after " + wait + " s");
            backoff.next("c", failed);
            now = now.plusSeconds(1);
        }
    }

    @Test
    void tenMinutesWithoutAFailureAreForgiven() {
        Backoff backoff = new Backoff(clock);
        backoff.next("c", now);
        backoff.next("c", now);
        now = now.plus(Duration.ofMinutes(11));
        assertEquals(Optional.empty(), backoff.left("c", now));
        backoff.next("c", now);
        assertEquals(Duration.ofSeconds(10), backoff.wait("c"));
    }

    @Test
    void theNextVersionGoesOnWhereThisOneWas() {
        Backoff backoff = new Backoff(clock);
        backoff.next("u/c", now);
        backoff.next("u/c", now);
        Backoff next = new Backoff(clock);
        next.load(io.manul.json.Obj.parse(backoff.save().bytes()));
        assertEquals(Optional.of(Duration.ofSeconds(20)), next.left("u/c", now));
        next.forget("u/");
        assertEquals(Optional.empty(), next.left("u/c", now));
    }
}
