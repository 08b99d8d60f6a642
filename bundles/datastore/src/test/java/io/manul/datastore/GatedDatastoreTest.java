package io.manul.datastore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Unavailable;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatedDatastoreTest {

    private final Gate<Datastore> gate = new Gate<>("kine", Duration.ofMillis(300));
    private final Datastore gated = new GatedDatastore(gate);

    private interface Answer {
        Object to(String method, Object[] arguments) throws Throwable;
    }

    private static Datastore provider(Answer answer) {
        return (Datastore) Proxy.newProxyInstance(Datastore.class.getClassLoader(), new Class<?>[] {Datastore.class},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments));
    }

    @Test
    void everyMethodReachesTheProviderWithItsArguments() throws Exception {
        StringBuilder seen = new StringBuilder();
        gate.flip(provider((method, arguments) -> {
            seen.append(method).append(arguments == null ? 0 : arguments.length).append(' ');
            return switch (method) {
                case "get" -> java.util.Optional.empty();
                case "range", "put", "delete", "poll", "compact" -> null;
                default -> 7L;
            };
        }), "1");
        assertEquals(7, gated.currentRevision());
        assertEquals(7, gated.compactRevision());
        gated.get("k", 0);
        gated.range("a", "b", 0, 0);
        assertEquals(7, gated.count("a", "b"));
        gated.put("k", new byte[0], 0, 0, Durability.DURABLE);
        gated.delete("k", 0);
        assertEquals(7, gated.grant(Duration.ofSeconds(1)));
        gated.poll("a", "b", 0, 1, Duration.ZERO);
        gated.compact(3);
        assertEquals(7, gated.sizeBytes());
        assertEquals("currentRevision0 compactRevision0 get2 range4 count2 put5 delete2 grant1 poll5 compact1 sizeBytes0 ",
                seen.toString());
        assertEquals(0, gate.current().orElseThrow().active());
        assertEquals(11, gate.current().orElseThrow().succeeded());
    }

    @Test
    void aCallWaitsAtAClosedGateAndGoesOnAtTheNextProvider() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> waiting = callers.submit(gated::currentRevision);
            gate.flip(provider((method, arguments) -> 9L), "2");
            assertEquals(9, waiting.get(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void aClosedGateIsUnavailableAfterItsPatience() {
        assertThrows(Unavailable.class, gated::currentRevision);
    }

    @Test
    void aCallThatAnEndingProviderRefusedUntouchedRunsOnTheNextOne() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        gate.flip(provider((method, arguments) -> {
            inside.countDown();
            ended.await();
            throw new Unavailable("not open");
        }), "1");
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Result> put = callers.submit(() -> gated.put("k", new byte[0], 0, 0, Durability.DURABLE));
            inside.await();
            Gate.Slot<Datastore> old = gate.close().orElseThrow();
            ended.countDown();
            Result next = new Result(true, 2, java.util.Optional.empty());
            gate.flip(provider((method, arguments) -> next), "2");
            assertEquals(next, put.get(5, TimeUnit.SECONDS));
            assertEquals(0, old.active());
            assertEquals(0, old.failed());
        }
    }

    @Test
    void anUnavailableProviderThatStillServesIsNotTriedAgain() {
        gate.flip(provider((method, arguments) -> {
            throw new Unavailable("not open");
        }), "1");
        assertThrows(Unavailable.class, gated::currentRevision);
        assertEquals(1, gate.current().orElseThrow().failed());
    }

    @Test
    void aRefusedCallIsNoFailureOfTheProviderButAStoreThatStoppedIs() {
        DatastoreException.Reason[] reasons = {DatastoreException.Reason.COMPACTED, DatastoreException.Reason.UNAVAILABLE};
        int[] next = {0};
        gate.flip(provider((method, arguments) -> {
            throw new DatastoreException(reasons[next[0]++], "as the test says");
        }), "1");
        assertThrows(DatastoreException.class, gated::currentRevision);
        assertEquals(0, gate.current().orElseThrow().failed());
        assertThrows(DatastoreException.class, gated::currentRevision);
        assertEquals(1, gate.current().orElseThrow().failed());
    }
}
