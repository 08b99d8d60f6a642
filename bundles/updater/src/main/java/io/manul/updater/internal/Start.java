package io.manul.updater.internal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The start: begins the rooms in the feature's order, shows each stage with its time, ends with a Ready node. */
final class Start implements Runnable {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final BundleContext context;
    private final Conductor conductor;
    private final List<String> order;
    private final Function<String, Optional<Demand>> demands;
    private final List<Demand> later = new ArrayList<>();
    private final BooleanSupplier listening;
    private final BooleanSupplier nodeReady;
    private final PrintStream out;
    private final long launchedMillis;
    private final String done;

    /** @param demands what a room waits for that need not begin now */
    Start(BundleContext context, Conductor conductor, List<String> order, Function<String, Optional<Demand>> demands, BooleanSupplier listening,
            BooleanSupplier nodeReady, PrintStream out, long launchedMillis, String done) {
        this.context = context;
        this.conductor = conductor;
        this.order = order;
        this.demands = demands;
        this.listening = listening;
        this.nodeReady = nodeReady;
        this.out = out;
        this.launchedMillis = launchedMillis;
        this.done = done;
    }

    @Override
    public void run() {
        try {
            if (!listening.getAsBoolean()) {
                throw new Refused("the listener did not open; the line of the log above says why");
            }
            Map<String, Bundle> bundles = java.util.Arrays.stream(context.getBundles())
                    .collect(Collectors.toMap(Conductor::name, b -> b, (a, b) -> b));
            for (String name : order) {
                begin(name, Optional.ofNullable(bundles.get(name)));
            }
            later.forEach(conductor::onDemand);
            awaitNode();
        } catch (Refused e) {
            fail(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(String name, Optional<Bundle> bundle) throws Refused, InterruptedException {
        if (bundle.isEmpty()) {
            throw new Refused("the feature asks for component " + name + ", but no such bundle is installed");
        }
        long start = System.nanoTime();
        Optional<Demand> demand = demands.apply(name);
        if (demand.isPresent() && !demand.get().needed()) {
            conductor.restFirst(bundle.get());
            later.add(demand.get());
            return;
        }
        demand.ifPresent(later::add);
        conductor.begin(bundle.get());
        stage(name + " " + bundle.get().getVersion() + " (" + (System.nanoTime() - start) / 1_000_000 + " ms)");
    }

    private void awaitNode() throws InterruptedException, Refused {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        while (!nodeReady.getAsBoolean()) {
            if (System.nanoTime() > end) {
                stage("the node is not Ready after " + READY_LIMIT.toSeconds()
                        + " s: `manul kubectl describe node` says why. The server goes on");
                return;
            }
            Thread.sleep(Duration.ofMillis(50));
        }
        stage(done);
    }

    private void stage(String what) {
        out.printf(Locale.ROOT, "[%6.2f s] %s%n", (System.currentTimeMillis() - launchedMillis) / 1000.0, what);
        out.flush();
    }

    /** The launcher exits with this code once the framework has stopped. */
    private void fail(String why) {
        System.err.println("manul: " + why);
        System.setProperty("manul.exit", "1");
        Thread.ofPlatform().name("updater-stop").start(() -> {
            try {
                conductor.endAll(m -> System.err.println("manul: " + m));
                context.getBundle(0).stop();
            } catch (org.osgi.framework.BundleException e) {
                System.err.println("manul: the framework does not stop: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
