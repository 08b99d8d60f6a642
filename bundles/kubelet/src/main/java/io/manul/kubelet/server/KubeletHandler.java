package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.pki.Pki;
import io.manul.client.Cluster;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.server.Containers.Target;
import io.manul.kubelet.stats.Stats;
import io.manul.kubelet.volume.LocalVolumes;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The kubelet's endpoints, by upstream's paths, for the API server and for who comes to port 10250. Needs nothing that
 * {@code begin} starts: it serves before and after, as gates flip first. Safe from any thread.
 */
public final class KubeletHandler implements Handler {

    private static final Map<String, String> TEXT = Map.of("content-type", "text/plain; charset=utf-8");
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private final Pods pods;
    private final Callers callers;
    private final LogsEndpoint logs;
    private final StreamsEndpoint streams;
    private final LocalVolumesEndpoint localVolumes;
    private final MetricsEndpoint metrics;

    /** Who asks the API what a caller may. @param node this one */
    public record Reviewer(Cluster cluster, String node) {
    }

    /** @param pods of this node as the API has them; empty while the kubelet does not act */
    public KubeletHandler(Pki pki, Reviewer reviewer, ContainerRuntime runtime, Supplier<List<Pod>> pods, LocalVolumes localVolumes, Stats stats,
            InstantSource clock) {
        this.pods = new Pods(pods);
        this.callers = new Callers(pki, new Reviews(reviewer.cluster(), reviewer.node(), clock));
        Containers containers = new Containers(runtime);
        this.logs = new LogsEndpoint(containers, this.pods, clock);
        this.metrics = new MetricsEndpoint(runtime, stats);
        this.localVolumes = new LocalVolumesEndpoint(localVolumes);
        this.streams = new StreamsEndpoint(runtime, containers);
    }

    @Override
    public void handle(Exchange x) throws Exception {
        try {
            callers.check(x);
            route(x);
        } catch (Refused e) {
            refuse(x, e.code(), e.reason(), e.getMessage());
        } catch (CriException e) {
            boolean away = e.unavailable();
            refuse(x, away ? 503 : 500, away ? "ServiceUnavailable" : "InternalError",
                    "the container runtime refused: " + e.getMessage());
        }
    }

    private void route(Exchange x) throws Exception {
        String[] path = x.path().substring(1).split("/", -1);
        switch (path[0]) {
            case "containerLogs" -> {
                method(x, "GET");
                logs.handle(x, target(path, true));
            }
            case "exec" -> streams.exec(x, target(path, true));
            case "attach" -> streams.attach(x, target(path, true));
            case "portForward" -> streams.portForward(x, target(path, false));
            case "healthz" -> x.reply(200, TEXT, "ok".getBytes(StandardCharsets.UTF_8));
            case "pods", "runningpods" -> list(x);
            case "localVolumes" -> localVolumes.handle(x, path);
            case "metrics" -> {
                method(x, "GET");
                metrics.metrics(x, path);
            }
            case "stats" -> {
                method(x, "GET");
                metrics.stats(x, path);
            }
            default -> throw Refused.notFound("the kubelet has no path " + x.path());
        }
    }

    private static void method(Exchange x, String method) throws Refused {
        if (!x.method().equals(method)) {
            throw new Refused(405, "MethodNotAllowed", x.path() + " answers " + method + " only");
        }
    }

    /** {@code /WHAT/NAMESPACE/POD[/UID][/CONTAINER]}. */
    private static Target target(String[] path, boolean container) throws Refused {
        int most = container ? 5 : 4;
        if (path.length < most - 1 || path.length > most || List.of(path).contains("")) {
            throw Refused.notFound("path must be /" + path[0] + "/NAMESPACE/POD" + (container ? "[/UID]/CONTAINER" : "[/UID]"));
        }
        String uid = path.length == most ? path[3] : "";
        return new Target(path[1], path[2], uid, container ? path[path.length - 1] : "");
    }

    private void list(Exchange x) throws Refused {
        method(x, "GET");
        x.reply(200, JSON, Obj.of("kind", "PodList", "apiVersion", "v1", "metadata", Obj.of(),
                "items", pods.all().get().stream().map(Pod::object).toList()).bytes());
    }

    private static void refuse(Exchange x, int code, String reason, String message) {
        x.reply(code, JSON, Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Failure",
                "message", message, "reason", reason, "code", code).bytes());
    }
}
