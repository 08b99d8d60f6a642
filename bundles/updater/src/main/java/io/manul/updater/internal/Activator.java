package io.manul.updater.internal;

import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import io.manul.api.http.Streams;
import io.manul.api.settings.Settings;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceReference;

/** Registers what is there before every room, and begins the rooms once the framework has started. */
public final class Activator implements BundleActivator {

    private BundleContext context;
    private Conductor conductor;
    private Thread start;

    @Override
    public void start(BundleContext bundleContext) {
        context = bundleContext;
        Settings settings = new FrameworkSettings(context::getProperty);
        GateTable gates = new GateTable();
        register(Settings.class, settings);
        register(Gates.class, gates);
        conductor = new Conductor(context, gates, this::streams, settings.runDir().resolve("swapped"));
        Duration probation = Duration.ofMillis(settings.other("swap-probation-ms").map(Long::parseLong).orElse(1000L));
        gates.gate(Handler.class, "console").flip(new Console(conductor, settings, probation), "updater");
        context.registerService(Runnable.class, this::end, mark());
        List<String> order = settings.other("components").map(c -> List.of(c.split(","))).orElse(List.of());
        Start run = new Start(context, conductor, order, room -> demand(room, settings), () -> streams().isPresent(), () -> nodeReady(settings), System.out,
                settings.other("launched-ms").map(Long::parseLong).orElseGet(System::currentTimeMillis),
                "node " + settings.nodeName() + " is Ready" + (settings.other("role").isPresent() ? "; server " + settings.other("server").orElse("")
                        : "; kubeconfig " + settings.kubeconfig()));
        context.addFrameworkListener((FrameworkListener) event -> {
            if (event.getType() == FrameworkEvent.STARTED && start == null) {
                start = Thread.ofPlatform().name("manul-start").start(run);
            }
        });
    }

    private Optional<Demand> demand(String room, Settings settings) {
        Duration quiet = Duration.ofMillis(settings.other("rest-after-ms").map(Long::parseLong).orElse(60_000L));
        return settings.other("wakes." + room).map(w -> new Demand(room, List.of(w.split("\n")), conductor, () -> find(Loopback.class), quiet));
    }

    private <S> void register(Class<S> type, S service) {
        context.registerService(type, new Once<>(service), new Hashtable<>());
    }

    private static Dictionary<String, Object> mark() {
        return new Hashtable<>(Map.of("manul.end", Boolean.TRUE));
    }

    private void end() {
        try {
            conductor.endAll(m -> System.err.println("manul: " + m));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Streams> streams() {
        return find(Streams.class);
    }

    private <S> Optional<S> find(Class<S> type) {
        ServiceReference<S> reference = context.getServiceReference(type);
        return reference == null ? Optional.empty() : Optional.ofNullable(context.getServiceObjects(reference).getService());
    }

    private boolean nodeReady(Settings settings) {
        Optional<Loopback> loopback = find(Loopback.class);
        if (loopback.isEmpty()) {
            return false;
        }
        try {
            Loopback.Response answer = loopback.get().call("apiserver", new Loopback.Request("GET",
                    "/api/v1/nodes/" + settings.nodeName(), Map.of("accept", "application/json"), new byte[0],
                    new Peer.Internal("system:admin", List.of("system:masters"), "updater")));
            return answer.status() == 200 && Obj.parse(answer.body()).objects("status", "conditions").stream()
                    .anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"));
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void stop(BundleContext bundleContext) throws InterruptedException {
        if (start != null && start != Thread.currentThread()) {
            start.interrupt();
            start.join(Duration.ofSeconds(1));
        }
        conductor.endDemands();
    }
}
