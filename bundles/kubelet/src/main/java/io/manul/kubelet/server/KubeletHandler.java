package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.pki.Pki;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.PodSandboxState;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.server.Containers.Target;
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

    private final ContainerRuntime runtime;
    private final Pods pods;
    private final Callers callers;
    private final LogsEndpoint logs;
    private final StreamsEndpoint streams;
    private final LocalVolumesEndpoint localVolumes;

    /** @param pods of this node as the API has them; empty while the kubelet does not act */
    public KubeletHandler(Pki pki, ContainerRuntime runtime, Supplier<List<Pod>> pods, LocalVolumes localVolumes, InstantSource clock) {
        this.runtime = runtime;
        this.pods = new Pods(pods);
        this.callers = new Callers(pki);
        Containers containers = new Containers(runtime);
        this.logs = new LogsEndpoint(containers, this.pods, clock);
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
            case "metrics" -> metrics(x, path);
            case "stats" -> throw new Refused(501, "NotImplemented", "/stats/summary is not there yet in this kubelet");
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

    private void metrics(Exchange x, String[] path) throws CriException, InterruptedException, Refused {
        if (path.length > 1) {
            throw Refused.notFound("the kubelet has /metrics only, not " + x.path());
        }
        long sandboxes = runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList().stream()
                .map(PodSandbox::getState).filter(s -> s == PodSandboxState.SANDBOX_READY).count();
        List<Container> all = runtime.listContainers(ListContainersRequest.getDefaultInstance()).getContainersList();
        StringBuilder out = new StringBuilder("# HELP kubelet_running_pods Number of pods that have a running pod sandbox\n"
                + "# TYPE kubelet_running_pods gauge\nkubelet_running_pods ").append(sandboxes)
                .append("\n# HELP kubelet_running_containers Number of containers currently running\n"
                        + "# TYPE kubelet_running_containers gauge\n");
        for (ContainerState s : List.of(ContainerState.CONTAINER_CREATED, ContainerState.CONTAINER_RUNNING, ContainerState.CONTAINER_EXITED)) {
            String name = s.name().substring("CONTAINER_".length()).toLowerCase(java.util.Locale.ROOT);
            out.append("kubelet_running_containers{container_state=\"").append(name).append("\"} ")
                    .append(all.stream().filter(c -> c.getState() == s).count()).append('\n');
        }
        x.reply(200, Map.of("content-type", "text/plain; version=0.0.4; charset=utf-8"), out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(Exchange x, int code, String reason, String message) {
        x.reply(code, JSON, Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Failure",
                "message", message, "reason", reason, "code", code).bytes());
    }
}
