package io.manul.kine.internal;

import io.manul.datastore.Datastore;
import io.manul.datastore.Durability;
import io.manul.datastore.KeyValue;
import io.manul.datastore.engine.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints what the store can do on this machine; not a test. Argument: an empty folder on the disk to measure. */
final class Bench {

    private static final int VALUE = 1024;

    private final Path data;
    private final Kine kine;
    private final Datastore store;

    private Bench(Path data) {
        this.data = data;
        kine = new Kine(data, new Limits(8 << 20, Long.MAX_VALUE, Duration.ofSeconds(30)));
        store = (Datastore) kine.offers().get(Datastore.class);
    }

    public static void main(String[] arguments) throws Exception {
        Bench bench = new Bench(Path.of(arguments[0]));
        bench.kine.begin(new byte[0]);
        bench.creates("warm", 8, 5000);
        bench.heap();
        for (int threads : new int[] {1, 8, 64}) {
            bench.creates("c" + threads, threads, threads == 1 ? 4000 : 15_000);
            bench.updates("c" + threads, threads, threads == 1 ? 4000 : 15_000, Durability.DURABLE);
        }
        bench.updates("c8", 8, 5000, Durability.VOLATILE);
        bench.compact();
        bench.reads();
        bench.start();
        bench.kine.end();
    }

    private interface Work {
        void run(int number) throws Exception;
    }

    private void measure(String what, int threads, int count, Work work) throws Exception {
        AtomicInteger next = new AtomicInteger();
        long[] nanos = new long[count];
        long bytes = written();
        long start = System.nanoTime();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(callers.submit(() -> {
                    for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                        long began = System.nanoTime();
                        work.run(n);
                        nanos[n] = System.nanoTime() - began;
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        java.util.Arrays.sort(nanos);
        System.out.printf("%-28s %8.0f/s  p50 %6.2f ms  p99 %6.2f ms  %6.1f KB written each%n", what + " x" + threads,
                count / seconds, nanos[count / 2] / 1e6, nanos[count * 99 / 100] / 1e6, (written() - bytes) / 1024.0 / count);
    }

    private void creates(String prefix, int threads, int count) throws Exception {
        measure("create", threads, count, n -> store.put("/registry/" + prefix + "/object-" + n, new byte[VALUE], 0, 0,
                Durability.DURABLE));
    }

    private void updates(String prefix, int threads, int count, Durability durability) throws Exception {
        int keys = 1000;
        measure("update " + durability, threads, count, n -> {
            String key = "/registry/" + prefix + "/object-" + n % keys;
            boolean done = false;
            while (!done) {
                long expected = store.get(key, 0).map(KeyValue::modRevision).orElse(0L);
                done = store.put(key, new byte[VALUE], expected, 0, durability).succeeded();
            }
        });
    }

    /** With a writer beside it, whose longest wait is printed. */
    private void compact() throws Exception {
        long bytes = written();
        long before = store.compactRevision();
        long to = store.currentRevision();
        store.compact(to);
        long start = System.nanoTime();
        List<Long> waits = new ArrayList<>();
        int beats = 0;
        String swept = "select swept from meta";
        try (var reader = new Sqlite(data.resolve("server/db/state.db")).readOnly()) {
            while (Sqlite.number(reader, swept) < to - 1) {
                long began = System.nanoTime();
                store.put("/beat/" + beats++, new byte[10], 0, 0, Durability.DURABLE);
                waits.add(System.nanoTime() - began);
            }
        }
        double millis = (System.nanoTime() - start) / 1e6;
        waits.sort(Long::compare);
        System.out.printf("compaction of %d revisions: %.0f ms, %.1f KB written a revision; a writer beside it waits p50 %.1f ms,"
                + " p99 %.1f ms, longest %.1f ms%n", to - before, millis, (written() - bytes) / 1024.0 / (to - before),
                waits.get(waits.size() / 2) / 1e6, waits.get(waits.size() * 99 / 100) / 1e6, waits.getLast() / 1e6);
    }

    private void reads() throws Exception {
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            int size = store.range("/registry/c64/", "/registry/c640", 0, 0).items().size();
            long list = System.nanoTime() - start;
            start = System.nanoTime();
            store.count("/registry/", "/registry0");
            long count = System.nanoTime() - start;
            if (i == 19) {
                System.out.printf("list of %d keys: %.2f ms; count: %.1f us%n", size, list / 1e6, count / 1e3);
            }
        }
    }

    private void heap() throws Exception {
        store.put("/heap", new byte[0], 0, 0, Durability.DURABLE);
        store.compact(store.currentRevision());
        long before = used();
        int count = 20_000;
        measure("create, empty value", 64, count, n -> store.put("/heap/of/an/object-" + (100_000 + n), new byte[0], 0, 0,
                Durability.DURABLE));
        store.compact(store.currentRevision());
        try (var reader = new Sqlite(data.resolve("server/db/state.db")).readOnly()) {
            while (Sqlite.number(reader, "select swept from meta") < store.compactRevision() - 1) {
                Thread.onSpinWait();
            }
        }
        System.out.printf("heap per key beside its value (key of 26 chars): %d B%n", (used() - before) / count);
    }

    private void start() throws Exception {
        kine.end();
        long start = System.nanoTime();
        kine.begin(new byte[0]);
        System.out.printf("begin with %d keys: %.0f ms; file %d MB%n", store.count("/", "0"),
                (System.nanoTime() - start) / 1e6, store.sizeBytes() >> 20);
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Bytes that this process sent to the disk (Linux, proc(5)). */
    private static long written() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/io")).stream().filter(l -> l.startsWith("write_bytes"))
                .mapToLong(l -> Long.parseLong(l.split(" ")[1])).findFirst().orElseThrow();
    }
}
