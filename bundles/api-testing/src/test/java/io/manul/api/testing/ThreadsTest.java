package io.manul.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThreadsTest {

    static Stream<ThreadFactory> factories() {
        return Stream.of(Thread.ofPlatform().name("counted").factory(), Thread.ofVirtual().name("counted").factory());
    }

    @ParameterizedTest
    @MethodSource("factories")
    void everyThreadIsSeenWhileItLives(ThreadFactory factory) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread t = factory.newThread(() -> wait(end));
        assertEquals(0, Threads.named("counted"));
        t.start();
        assertEquals(1, Threads.named("counted"));
        end.countDown();
        t.join();
        assertEquals(0, Threads.named("counted"));
    }

    @Test
    void thoseOfAnExecutorToo() {
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService e = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tasks-", 0).factory())) {
            e.execute(() -> wait(end));
            assertEquals(1, Threads.named("tasks-"));
            end.countDown();
        }
        assertEquals(0, Threads.named("tasks-"));
    }

    private static void wait(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
