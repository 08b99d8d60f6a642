package io.manul.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ControllerTest {

    private static final Key A = new Key("d", "a");
    private final BlockingQueue<Integer> passes = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    private int pass() throws InterruptedException {
        Integer n = passes.poll(10, TimeUnit.SECONDS);
        assertTrue(n != null, "no further pass");
        return n;
    }

    private Controller run(Reconciler reconciler) {
        Controller c = new Controller("t", reconciler, List.of()).start(2);
        c.queue().add(A);
        return c;
    }

    @Test
    void whatTheWorldDidIsTriedAgainAndNoFailure() throws Exception {
        try (Controller c = run(key -> {
            int n = count.incrementAndGet();
            passes.add(n);
            if (n < 3) {
                throw new ClusterException(409, "Conflict", "changed", null);
            }
            return Outcome.SETTLED;
        })) {
            assertEquals(1, pass());
            assertEquals(2, pass());
            assertEquals(3, pass());
            assertEquals(0, c.health().failures());
        }
    }

    @Test
    void aBugIsCountedAndTriedAgain() throws Exception {
        try (Controller c = run(key -> {
            int n = count.incrementAndGet();
            if (n == 1) {
                throw new IllegalStateException("a bug");
            }
            if (n == 2) {
                throw new NoClassDefFoundError("gone");
            }
            passes.add(n);
            return Outcome.SETTLED;
        })) {
            assertEquals(3, pass());
            assertEquals(2, c.health().failures());
            assertTrue(c.health().message().contains("d/a"), c.health().message());
        }
    }

    @Test
    void againComesAgain() throws Exception {
        try (Controller c = run(key -> {
            passes.add(count.incrementAndGet());
            return count.get() == 1 ? new Outcome.Again(Duration.ofMillis(5), "test") : Outcome.SETTLED;
        })) {
            assertEquals(1, pass());
            assertEquals(2, pass());
            assertEquals(0, c.health().failures());
        }
    }

    @Test
    void oneKeyIsNeverWorkedOnTwiceAtOnce() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(50);
        try (Controller c = new Controller("t", key -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.yield();
            inside.decrementAndGet();
            all.countDown();
            return all.getCount() == 0 ? Outcome.SETTLED : new Outcome.Again(Duration.ZERO, "more");
        }, List.of()).start(4)) {
            for (int i = 0; i < 50; i++) {
                c.queue().add(A);
            }
            assertTrue(all.await(10, TimeUnit.SECONDS));
        }
        assertEquals(1, most.get());
    }

    @Test
    void closeInterruptsAStepThatDoesNotEndAndJoins() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Controller c = run(key -> {
            inside.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Outcome.SETTLED;
        });
        assertTrue(inside.await(10, TimeUnit.SECONDS));
        assertFalse(c.idle());
        c.close();
        assertEquals(0, interrupted.getCount());
    }
}
