package io.manul.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkQueueTest {

    private static final Key A = new Key("d", "a");
    private static final Key B = new Key("d", "b");
    private final AtomicLong nanos = new AtomicLong();
    private final WorkQueue queue = new WorkQueue(nanos::get);

    @Test
    void aKeyIsQueuedOnce() throws InterruptedException {
        queue.add(A);
        queue.add(A);
        queue.add(B);
        assertEquals(A, queue.take());
        assertEquals(B, queue.take());
        assertEquals(0, queue.size());
    }

    @Test
    void addedWhileWorkedOnItComesOnceMore() throws InterruptedException {
        queue.add(A);
        queue.take();
        queue.add(A);
        queue.add(A);
        assertEquals(0, queue.size());
        queue.done(A);
        assertEquals(1, queue.size());
        assertEquals(A, queue.take());
    }

    @Test
    void failuresWaitLongerEachTime() throws InterruptedException {
        for (int millis = 5; millis <= 40; millis *= 2) {
            queue.addLimited(A);
            nanos.addAndGet(Duration.ofMillis(millis).toNanos() - 1);
            queue.add(B);
            assertEquals(B, queue.take());
            queue.done(B);
            assertEquals(0, queue.size());
            nanos.addAndGet(1);
            assertEquals(A, queue.take());
            queue.done(A);
        }
        queue.forget(A);
        queue.addLimited(A);
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        assertEquals(A, queue.take());
    }

    @Test
    void whatComesLaterComesInOrder() throws InterruptedException {
        queue.addAfter(A, Duration.ofSeconds(2));
        queue.addAfter(B, Duration.ofSeconds(1));
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertEquals(B, queue.take());
        assertEquals(A, queue.take());
    }

    @Test
    void ofSeveralWaitsTheShortestCountsAndOnce() throws InterruptedException {
        queue.addAfter(A, Duration.ofSeconds(5));
        queue.addAfter(A, Duration.ofSeconds(1));
        queue.addAfter(A, Duration.ofSeconds(3));
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        queue.add(B);
        assertEquals(B, queue.take());
        assertEquals(A, queue.take());
        queue.done(A);
        assertEquals(0, queue.size());
    }

    @Test
    void allFailuresTogetherPassABucket() throws InterruptedException {
        for (int i = 0; i < 110; i++) {
            queue.addLimited(new Key("d", "k" + i));
        }
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        queue.add(A);
        assertEquals(A, queue.take());
        assertEquals(100, queue.size());
        nanos.addAndGet(Duration.ofMillis(500).toNanos());
        queue.take();
        assertEquals(104, queue.size());
    }

    @Test
    void idleIsNothingReadyAndNothingWorkedOn() throws InterruptedException {
        assertTrue(queue.idle());
        queue.addAfter(B, Duration.ofHours(1));
        assertTrue(queue.idle());
        queue.add(A);
        assertFalse(queue.idle());
        queue.take();
        assertFalse(queue.idle());
        queue.done(A);
        assertTrue(queue.idle());
    }

    @Test
    void aClosedQueueEnds() throws InterruptedException {
        queue.add(A);
        queue.close();
        assertNull(queue.take());
    }
}
