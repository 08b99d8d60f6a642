package io.manul.updater.internal;

import io.manul.api.component.Component;
import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.settings.Settings;
import io.manul.json.Obj;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code manul components}, {@code swap} and {@code status} ask, through the root-only socket. */
final class Console implements Handler {

    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private final Conductor conductor;
    private final Settings settings;
    private final Duration probation;

    Console(Conductor conductor, Settings settings, Duration probation) {
        this.conductor = conductor;
        this.settings = settings;
        this.probation = probation;
    }

    @Override
    public void handle(Exchange x) throws Exception {
        if (!(x.peer() instanceof Peer.Console)) {
            answer(x, 403, Obj.of("message", "only through the server's own socket"));
            return;
        }
        switch (x.method() + " " + x.path()) {
            case "GET /components" -> answer(x, 200, Obj.of("items", components()));
            case "GET /status" -> answer(x, 200, status());
            case "POST /swap" -> swap(x);
            default -> answer(x, 404, Obj.of("message", "no such command: " + x.method() + " " + x.path()));
        }
    }

    private List<Obj> components() {
        List<Obj> items = new ArrayList<>();
        conductor.table().forEach((name, room) -> {
            Component.Health health = room.component.health();
            boolean bad = health.stuckMillis() > 10_000 || !health.message().isEmpty();
            items.add(Obj.of("name", name, "version", room.version(), "state", bad ? "DEGRADED" : "ACTIVE",
                    "since", room.since.toString(), "message", health.message().isEmpty() ? null : health.message()));
        });
        conductor.resting().forEach((name, r) -> items.add(Obj.of("name", name, "version", r.bundle().getVersion().toString(),
                "state", "RESTING", "since", r.since().toString(), "message", "begins when it is needed")));
        return items;
    }

    private Obj status() throws InterruptedException {
        Runtime vm = Runtime.getRuntime();
        return Obj.of("node", settings.nodeName(), "version", settings.version(),
                "pid", ProcessHandle.current().pid(),
                "upSeconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000,
                "heapUsedBytes", vm.totalMemory() - vm.freeMemory(), "heapMaxBytes", vm.maxMemory(),
                "loadersHeld", conductor.held(), "kubeconfig", agent() ? "none: this node joined a server" : settings.kubeconfig().toString(),
                "server", agent() ? settings.other("server").orElse("") : "https://127.0.0.1:" + settings.httpsPort(), "components", components());
    }

    private void swap(Exchange x) throws InterruptedException {
        Optional<String> name = x.parameter("name");
        if (name.isEmpty()) {
            answer(x, 400, Obj.of("message", "which component? name= is missing"));
            return;
        }
        x.touched();
        try {
            Duration limit = x.parameter("probation").map(Long::parseLong).map(Duration::ofMillis).orElse(probation);
            if (limit.isNegative() || limit.compareTo(Duration.ofMinutes(5)) > 0) {
                answer(x, 400, Obj.of("message", "probation: must be 0 to 300000 ms"));
                return;
            }
            Conductor.Swapped s = conductor.swap(name.get(), x.parameter("to").map(Path::of), limit);
            answer(x, 200, Obj.of("name", s.name(), "from", s.from(), "to", s.to(), "flipMillis", s.took().flip(),
                    "pauseMillis", s.took().pause(), "streamsMoved", s.took().moved(), "drained", s.took().drained(),
                    "remark", s.remark().isEmpty() ? null : s.remark()));
        } catch (Refused e) {
            answer(x, 409, Obj.of("message", e.getMessage()));
        } catch (NumberFormatException e) {
            answer(x, 400, Obj.of("message", "probation: must be a number of milliseconds"));
        }
    }

    private static void answer(Exchange x, int status, Obj body) {
        x.reply(status, JSON, body.bytes());
    }

    private boolean agent() {
        return settings.other("role").orElse("").equals("agent");
    }
}
