package io.manul.kine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.component.Component;
import io.manul.api.gate.Gate;
import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.Durability;
import io.manul.datastore.Event;
import io.manul.datastore.GatedDatastore;
import io.manul.datastore.Result;
import io.manul.datastore.engine.Limits;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
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

    /** The room's own classes in a loader of their own, begun, used and ended: the loader can go. */
    @Test
    void noClassStaysBehind() throws Exception {
        NativeLibrary.place(data);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            loaders.add(life());
        }
        for (WeakReference<ClassLoader> loader : loaders) {
            for (int i = 0; i < 50 && loader.get() != null; i++) {
                System.gc();
            }
            assertEquals(null, loader.get(), "a class loader stayed behind");
        }
    }

    private WeakReference<ClassLoader> life() throws Exception {
        URL own = Kine.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader shared = SwapTest.class.getClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {own}, shared) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                boolean ours = name.startsWith("io.manul.kine.") || name.startsWith("io.manul.datastore.engine.");
                Class<?> loaded = ours ? findLoadedClass(name) : super.loadClass(name, resolve);
                return loaded == null ? findClass(name) : loaded;
            }
        }) {
            Class<?> limits = loader.loadClass(Limits.class.getName());
            Constructor<?> make = loader.loadClass(Kine.class.getName()).getDeclaredConstructor(Path.class, limits);
            make.setAccessible(true);
            Component kine = (Component) make.newInstance(data, limits.getMethod("forHeap", long.class).invoke(null, 64L << 20));
            assertTrue(kine.getClass() != Kine.class, "not a loader of its own");
            kine.begin(new byte[0]);
            Datastore store = (Datastore) kine.offers().get(Datastore.class);
            store.put("/x" + store.currentRevision(), new byte[10], 0, store.grant(Duration.ofHours(1)), Durability.DURABLE);
            store.poll("/", "0", 1, 10, Duration.ofMillis(1));
            kine.end();
            return new WeakReference<>(loader);
        }
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
