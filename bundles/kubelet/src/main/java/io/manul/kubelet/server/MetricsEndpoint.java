package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.PodSandboxState;
import io.manul.kubelet.stats.Stats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /metrics}, {@code /metrics/resource}, {@code /metrics/cadvisor} and {@code /stats/summary}. */
final class MetricsEndpoint {

    private static final Map<String, String> TEXT = Map.of("content-type", "text/plain; version=0.0.4; charset=utf-8");

    private final ContainerRuntime runtime;
    private final Stats stats;

    MetricsEndpoint(ContainerRuntime runtime, Stats stats) {
        this.runtime = runtime;
        this.stats = stats;
    }

    void metrics(Exchange x, String[] path) throws CriException, InterruptedException, Refused {
        String what = path.length == 1 ? "" : path.length == 2 ? path[1] : "?";
        String text = switch (what) {
            case "" -> own();
            case "resource" -> stats.resource();
            case "cadvisor" -> stats.cadvisor();
            default -> throw Refused.notFound("the kubelet has /metrics, /metrics/resource and /metrics/cadvisor, not " + x.path());
        };
        x.reply(200, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void stats(Exchange x, String[] path) throws CriException, InterruptedException, Refused {
        if (path.length != 2 || !path[1].equals("summary")) {
            throw Refused.notFound("the kubelet has /stats/summary only, not " + x.path());
        }
        try {
            boolean little = x.parameter("only_cpu_and_memory").filter(v -> !v.equals("false") && !v.equals("0")).isPresent();
            boolean rates = !x.parameter("rates").orElse("").equals("false");
            x.reply(200, Map.of("content-type", "application/json"), stats.summary(little, rates).bytes());
        } catch (IOException e) {
            throw new Refused(500, "InternalError", "what is used cannot be read: " + e);
        }
    }

    private String own() throws CriException, InterruptedException {
        long sandboxes = runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList().stream()
                .map(PodSandbox::getState).filter(s -> s == PodSandboxState.SANDBOX_READY).count();
        List<Container> all = runtime.listContainers(ListContainersRequest.getDefaultInstance()).getContainersList();
        StringBuilder out = new StringBuilder("# HELP kubelet_running_pods Number of pods that have a running pod sandbox\n"
                + "# TYPE kubelet_running_pods gauge\nkubelet_running_pods ").append(sandboxes)
                .append("\n# HELP kubelet_running_containers Number of containers currently running\n"
                        + "# TYPE kubelet_running_containers gauge\n");
        for (ContainerState s : List.of(ContainerState.CONTAINER_CREATED, ContainerState.CONTAINER_RUNNING, ContainerState.CONTAINER_EXITED)) {
            String name = s.name().substring("CONTAINER_".length()).toLowerCase(Locale.ROOT);
            out.append("kubelet_running_containers{container_state=\"").append(name).append("\"} ")
                    .append(all.stream().filter(c -> c.getState() == s).count()).append('\n');
        }
        return out.toString();
    }
}
