package io.manul.updater.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LimitTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    private static Refused refused(Duration limit, Callable<?> work) {
        return assertThrows(Refused.class, () -> Limit.call("begin of room", limit, work));
    }

    @Test
    void whatReturnsInTimeIsHandedOn() throws Exception {
        assertEquals("done", Limit.call("begin of room", LONG, () -> "done"));
    }

    @Test
    void aFailureIsTextOnlySoThatNothingHoldsItsClassLoader() {
        Refused e = refused(LONG, () -> {
            throw new IOException("state.db: read-only", new IOException("EROFS"));
        });
        assertEquals("begin of room failed: state.db: read-only: EROFS", e.getMessage());
        assertNull(e.getCause());
    }

    @Test
    void aBugIsToldWithItsPlace() {
        Refused e = refused(LONG, () -> {
            throw new NullPointerException();
        });
        assertTrue(e.getMessage().startsWith("begin of room failed: NullPointerException: NullPointerException (at io.manul.updater.internal.LimitTest"),
                e.getMessage());
    }

    @Test
    void whatHangsIsGivenUpAndInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Refused e = refused(Duration.ofMillis(50), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException i) {
                interrupted.countDown();
            }
            return null;
        });
        assertTrue(e.getMessage().startsWith("begin of room did not return within 50 ms (it is at "), e.getMessage());
        interrupted.await();
    }
}
