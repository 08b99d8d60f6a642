package io.manul.itests.bench;

import com.sun.management.OperatingSystemMXBean;
import io.manul.api.testing.TestSettings;
import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.testing.TestCluster;
import io.manul.datastore.Datastore;
import io.manul.json.Obj;
import io.manul.kine.internal.Kine;
import io.manul.scheduler.SchedulerComponent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The scheduler on simulated nodes: real apiserver, real scheduler and, unless told otherwise, SQLite on disk, in this one JVM. The
 * shape is that of upstream's SchedulingBasic (test/integration/scheduler_perf/misc/performance-config.yaml, v1.36): nodes of
 * 4 cores and 32 GiB, pods of 100m and 500Mi; some placed before, then the measured ones made as fast as the API takes them.
 */
public final class SchedulerBench {

    private static final String USAGE = """
            Usage: SchedulerBench NODES INIT MEASURED [--memory] [--rate N]
              --memory  a datastore in memory in place of SQLite
              --rate N  after that, 20 s of N pods a second: how long one waits when nothing is behind""";
    private static final int MAKERS = 16;
    private static final long MEGABYTE = 1 << 20;

    private final Cluster admin;
    private final Map<String, Long> made = new ConcurrentHashMap<>();
    private final AtomicReference<long[]> waits = new AtomicReference<>(new long[0]);
    private final AtomicInteger placed = new AtomicInteger();
    private volatile CountDownLatch left = new CountDownLatch(0);

    private SchedulerBench(Cluster admin) {
        this.admin = admin;
    }

    public static void main(String[] args) throws Exception {
        if (args.length < 3) {
            System.out.println(USAGE);
            System.exit(2);
        }
        List<String> flags = Arrays.asList(args).subList(3, args.length);
        int rate = flags.contains("--rate") ? Integer.parseInt(flags.get(flags.indexOf("--rate") + 1)) : 0;
        Path data = Files.createTempDirectory("manul-scheduler-bench");
        Kine kine = flags.contains("--memory") ? null : new Kine(new TestSettings("n1", data, Map.of()));
        if (kine != null) {
            kine.begin(new byte[0]);
        }
        try (TestCluster api = (kine == null ? new TestCluster() : new TestCluster((Datastore) kine.offers().get(Datastore.class))).withServiceAccount()) {
            new SchedulerBench(api.admin()).run(api, Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), rate);
        } finally {
            if (kine != null) {
                kine.end();
            }
            delete(data);
        }
        System.exit(0); // the JVM's own threads of libraries
    }

    private void run(TestCluster api, int nodes, int init, int measured, int rate) throws Exception {
        parallel(nodes, i -> admin.create(Resources.NODES, "", node(i)));
        SchedulerComponent scheduler = new SchedulerComponent(api.clusters(), TestSettings.of("n1"));
        Informer watch = admin.informer(Resources.PODS, Selection.ALL).keep(o -> Obj.of("metadata", Obj.of("namespace", o.namespace(),
                "name", o.name(), "uid", o.uid(), "resourceVersion", o.resourceVersion()))).listen(c -> seen(c.object())).start();
        scheduler.begin(new byte[0]);
        burst("init", init);
        double cpu = cpuSeconds();
        long begin = System.nanoTime();
        burst("pod", measured);
        double seconds = (System.nanoTime() - begin) / 1e9;
        row(nodes + " nodes, " + measured + " pods", String.format("%.0f pods/s", measured / seconds));
        row("  until all had a node", String.format("%.1f s", seconds));
        row("  processor time, apiserver and store included", String.format("%.1f s", cpuSeconds() - cpu));
        row("  wait in the burst p50 / p99", quantiles());
        if (rate > 0) {
            steady(rate);
            row("  wait at " + rate + " pods/s p50 / p99", quantiles());
        }
        memory();
        scheduler.end();
        watch.close();
    }

    private void seen(Obj pod) {
        if (!pod.text("spec", "nodeName").isEmpty()) {
            Long at = made.remove(pod.name());
            if (at != null) {
                waits.get()[placed.getAndIncrement()] = System.nanoTime() - at;
                left.countDown();
            }
        }
    }

    private void expect(int count) {
        waits.set(new long[count]);
        placed.set(0);
        left = new CountDownLatch(count);
    }

    private void burst(String prefix, int count) throws Exception {
        expect(count);
        parallel(count, i -> make(prefix + "-" + i));
        await();
    }

    private void steady(int rate) throws Exception {
        int count = rate * 20;
        expect(count);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long wait = begin + TimeUnit.SECONDS.toNanos(i) / rate - System.nanoTime();
            if (wait > 0) {
                Thread.sleep(Duration.ofNanos(wait));
            }
            make("steady-" + i);
        }
        await();
    }

    private void await() throws InterruptedException {
        long before = -1;
        while (!left.await(60, TimeUnit.SECONDS)) {
            if (left.getCount() == before) {
                throw new AssertionError(before + " pods have no node, and nothing happens");
            }
            before = left.getCount();
        }
    }

    private void make(String name) throws Exception {
        made.put(name, System.nanoTime());
        Obj amounts = Obj.of("cpu", "100m", "memory", "500Mi");
        admin.create(Resources.PODS, "default", Obj.of("metadata", Obj.of("name", name), "spec", Obj.of("containers", List.of(Obj.of("name", "pause",
                "image", "registry.k8s.io/pause:3.10.2", "ports", List.of(Obj.of("containerPort", 80)),
                "resources", Obj.of("limits", amounts.copy(), "requests", amounts))))));
    }

    private static Obj node(int i) {
        String name = "scheduler-perf-" + i;
        Obj room = Obj.of("cpu", "4", "memory", "32Gi", "pods", "110");
        return Obj.of("metadata", Obj.of("name", name, "labels", Obj.of("kubernetes.io/hostname", name)), "status", Obj.of("capacity", room.copy(),
                "allocatable", room, "conditions", List.of(Obj.of("type", "Ready", "status", "True"))));
    }

    private interface Make {
        void one(int i) throws Exception;
    }

    private static void parallel(int count, Make make) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread[] makers = new Thread[MAKERS];
        for (int m = 0; m < MAKERS; m++) {
            makers[m] = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = next.getAndIncrement(); i < count && failure.get() == null; i = next.getAndIncrement()) {
                        make.one(i);
                    }
                } catch (Exception e) {
                    failure.set(e);
                }
            });
        }
        for (Thread t : makers) {
            t.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private String quantiles() {
        long[] all = Arrays.copyOf(waits.get(), placed.get());
        Arrays.sort(all);
        return String.format("%.1f / %.1f ms", all[all.length / 2] / 1e6, all[(int) (all.length * 0.99)] / 1e6);
    }

    private static double cpuSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private static void memory() throws IOException {
        double resident = new Proc(ProcessHandle.current().pid()).residentMegabytes();
        System.gc();
        Runtime r = Runtime.getRuntime();
        row("  resident / heap of " + r.maxMemory() / MEGABYTE + " MB, live", String.format("%.0f / %d MB", resident,
                (r.totalMemory() - r.freeMemory()) / MEGABYTE));
    }

    private static void row(String what, String value) {
        System.out.printf("%-60s %s%n", what, value);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
