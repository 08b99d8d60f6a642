package io.manul.client.owner;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExpectationsTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Expectations expectations = new Expectations(nanos::get);

    @Test
    void everyCreateMustBeSeen() {
        assertTrue(expectations.met("s"));
        expectations.create("s", 2);
        assertFalse(expectations.met("s"));
        assertTrue(expectations.met("other"));
        expectations.created("s");
        assertFalse(expectations.met("s"));
        expectations.created("s");
        expectations.created("s");
        assertTrue(expectations.met("s"));
    }

    @Test
    void aDeleteIsMetByThatPodAlone() {
        expectations.delete("s", "p1");
        expectations.deleted("s", "p2");
        assertFalse(expectations.met("s"));
        expectations.deleted("s", "p1");
        assertTrue(expectations.met("s"));
    }

    @Test
    void whatIsNeverSeenIsGivenUpAfterFiveMinutes() {
        expectations.create("s", 1);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertFalse(expectations.met("s"));
        nanos.addAndGet(1);
        assertTrue(expectations.met("s"));
    }
}
