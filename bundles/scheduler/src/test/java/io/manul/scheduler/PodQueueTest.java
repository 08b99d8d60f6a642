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
        queue.unplaced(key("big"), queue.changes(), true);
        assertEquals(key("small"), queue.take());
        queue.remove(key("small"));
        queue.nodeChanged();
        nanos.addAndGet(PodQueue.BACKOFF_FIRST.toNanos());
        assertEquals(key("big"), queue.take());
    }

    @Test
    void withoutAChangeItRests() throws InterruptedException {
        queue.offer(key("big"), 0);
        queue.unplaced(key("big"), queue.changes(), true);
        nanos.addAndGet(PodQueue.REST_MOST.toNanos() + PodQueue.BACKOFF_FIRST.toNanos());
        assertEquals(key("big"), queue.take());
    }

    @Test
    void anIdleSchedulerDoesNotWaitForTheBackOff() throws InterruptedException {
        queue.offer(key("big"), 0);
        queue.offer(key("other"), 0);
        queue.unplaced(key("big"), queue.changes(), true);
        queue.podGone();
        assertEquals(key("other"), queue.take());
        queue.remove(key("other"));
        assertEquals(key("big"), queue.take());
    }

    @Test
    void onlyWhatMayHelpEndsTheRest() throws InterruptedException {
        queue.offer(key("tainted"), 9);
        queue.offer(key("crowded"), 0);
        queue.unplaced(key("tainted"), queue.changes(), false);
        queue.unplaced(key("crowded"), queue.changes(), true);
        queue.podGone();
        nanos.addAndGet(PodQueue.BACKOFF_MOST.toNanos());
        assertEquals(key("crowded"), queue.take());
        queue.unplaced(key("crowded"), queue.changes(), true);
        queue.nodeChanged();
        assertEquals(key("tainted"), queue.take());
    }

    @Test
    void afterAnErrorTheBackOffIsKept() throws InterruptedException {
        queue.offer(key("big"), 0);
        queue.offer(key("other"), 0);
        queue.failed(key("big"));
        queue.nodeChanged();
        queue.unplaced(key("other"), queue.changes(), true);
        queue.nodeChanged();
        assertEquals(key("other"), queue.take());
    }

    @Test
    void closingWakesTheLoop() throws InterruptedException {
        queue.close();
        assertNull(queue.take());
    }
}
