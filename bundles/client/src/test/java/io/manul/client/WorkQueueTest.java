package io.manul.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

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
        queue.addLimited(A);
        queue.addLimited(A); // 5 ms and 10 ms
        queue.add(B);
        assertEquals(B, queue.take());
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        assertEquals(A, queue.take());
        queue.done(A);
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
    void aClosedQueueEnds() throws InterruptedException {
        queue.add(A);
        queue.close();
        assertNull(queue.take());
    }
}
