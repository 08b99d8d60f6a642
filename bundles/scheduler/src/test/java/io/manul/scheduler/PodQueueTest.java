package io.manul.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.manul.client.Key;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PodQueueTest {

    private final AtomicLong nanos = new AtomicLong();
    private final PodQueue queue = new PodQueue(nanos::get);

    private static Key key(String name) {
        return new Key("d", name);
    }

    @Test
    void higherPriorityFirstThenTheOlder() throws InterruptedException {
        queue.offer(key("low"), 0);
        queue.offer(key("old"), 5);
        queue.offer(key("new"), 5);
        for (String expected : new String[] {"old", "new", "low"}) {
            assertEquals(key(expected), queue.take());
            queue.remove(key(expected));
        }
    }

    @Test
    void onePodThatFoundNoNodeDoesNotHoldUpOthers() throws InterruptedException {
        queue.offer(key("big"), 9);
        queue.offer(key("small"), 0);
        assertEquals(key("big"), queue.take());
        queue.failed(key("big"), queue.changes());
        assertEquals(key("small"), queue.take());
        queue.remove(key("small"));
        queue.wake();
        nanos.addAndGet(PodQueue.BACKOFF_FIRST.toNanos());
        assertEquals(key("big"), queue.take());
    }

    @Test
    void withoutAChangeItRests() throws InterruptedException {
        queue.offer(key("big"), 0);
        queue.failed(key("big"), queue.changes());
        nanos.addAndGet(PodQueue.REST_MOST.toNanos() + PodQueue.BACKOFF_FIRST.toNanos());
        assertEquals(key("big"), queue.take());
    }

    @Test
    void closingWakesTheLoop() throws InterruptedException {
        queue.close();
        assertNull(queue.take());
    }
}
