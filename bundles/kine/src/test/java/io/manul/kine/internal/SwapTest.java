package io.manul.kine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.gate.Gate;
import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.Durability;
import io.manul.datastore.Event;
import io.manul.datastore.GatedDatastore;
import io.manul.datastore.Result;
import io.manul.datastore.engine.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two versions that take each other's place a hundred times while eight write and one watches. */
@Timeout(120)
class SwapTest {

    private static final int SWAPS = 100;

    @TempDir
    Path data;
    private volatile boolean stop;

    @Test
    void aHundredSwapsLoseNothing() throws Exception {
        Set<String> threadsBefore = threads();
        Gate<Datastore> gate = new Gate<>("kine", Duration.ofSeconds(5));
        Datastore store = new GatedDatastore(gate);
        Kine[] versions = {new Kine(data, Limits.forHeap(64 << 20)), new Kine(data, Limits.forHeap(64 << 20))};
        versions[0].begin(new byte[0]);
        gate.flip(offer(versions[0]), "0");
        ConcurrentHashMap<Long, String> acknowledged = new ConcurrentHashMap<>();
        double[] gaps = new double[SWAPS];
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String key = "/w" + i;
                writers.add(callers.submit(() -> write(store, key, acknowledged)));
            }
            Future<List<Long>> watcher = callers.submit(() -> watch(store));
            for (int swap = 0; swap < SWAPS; swap++) {
                long seen = acknowledged.size();
                while (acknowledged.size() < seen + 40) {
                    Thread.onSpinWait();
                    Thread.yield();
                }
                gaps[swap] = swap(gate, versions[swap % 2], versions[(swap + 1) % 2], swap + 1);
            }
            stop = true;
            for (Future<Void> writer : writers) {
                writer.get(20, TimeUnit.SECONDS);
            }
            store.put("/zz-last", new byte[0], 0, 0, Durability.DURABLE);
            acknowledged.put(store.currentRevision(), "/zz-last=");
            List<Long> heard = watcher.get(20, TimeUnit.SECONDS);
            assertEquals(acknowledged.keySet().stream().sorted().toList(), heard, "acknowledged is not what a watcher heard");
        }
        Kine last = versions[SWAPS % 2];
        gate.close();
        last.end();
        Arrays.sort(gaps);
        System.out.printf("swap: %d swaps, %d acknowledged writes, gap p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n", SWAPS,
                acknowledged.size(), gaps[SWAPS / 2], gaps[SWAPS - 2], gaps[SWAPS - 1]);
        assertEquals(threadsBefore, threads(), "threads stayed behind");
        assertTrue(gaps[SWAPS - 1] < 1000, "a swap took " + gaps[SWAPS - 1] + " ms");
    }

    private static Datastore offer(Kine kine) {
        return (Datastore) kine.offers().get(Datastore.class);
    }

    /** As the updater does for an exclusive room: close, end, begin, open. */
    private static double swap(Gate<Datastore> gate, Kine from, Kine to, int number) throws Exception {
        long start = System.nanoTime();
        Gate.Slot<Datastore> old = gate.close().orElseThrow();
        to.begin(from.end());
        gate.flip(offer(to), String.valueOf(number));
        double gap = (System.nanoTime() - start) / 1e6;
        assertTrue(old.drain(Duration.ofSeconds(5)), "a call stayed inside the old version");
        return gap;
    }

    private Void write(Datastore store, String key, ConcurrentHashMap<Long, String> acknowledged) throws Exception {
        long expected = 0;
        for (int i = 0; !stop; i++) {
            byte[] value = (key + "-" + i).getBytes(StandardCharsets.US_ASCII);
            Result result = store.put(key, value, expected, 0, i % 3 == 0 ? Durability.VOLATILE : Durability.DURABLE);
            assertTrue(result.succeeded(), () -> "a write of the only writer was refused: " + result);
            expected = result.revision();
            assertEquals(null, acknowledged.put(expected, key + "=" + i), "a revision was given out twice");
        }
        return null;
    }

    private static List<Long> watch(Datastore store) throws Exception {
        List<Long> heard = new ArrayList<>();
        long cursor = 1;
        for (;;) {
            Batch batch = store.poll("/", "0", cursor, 500, Duration.ofSeconds(1));
            for (Event event : batch.events()) {
                heard.add(event.revision());
                if (event.current().key().equals("/zz-last")) {
                    return heard;
                }
            }
            cursor = batch.progress();
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> !t.isVirtual()).map(Thread::getName)
                .filter(n -> n.startsWith("kine")).collect(Collectors.toSet());
    }
}
