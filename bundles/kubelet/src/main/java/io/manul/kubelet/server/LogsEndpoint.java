package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.api.http.ResumableStream;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatus;
import io.manul.json.Obj;
import io.manul.kubelet.log.LogRequest;
import io.manul.kubelet.log.LogSender;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.server.Containers.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /containerLogs/NAMESPACE/POD/CONTAINER}: a container's log, followed where asked, resumable by another version. */
final class LogsEndpoint {

    private static final Map<String, String> TEXT = Map.of("content-type", "text/plain");

    private final Containers containers;
    private final Pods pods;
    private final InstantSource clock;

    LogsEndpoint(Containers containers, Pods pods, InstantSource clock) {
        this.containers = containers;
        this.pods = pods;
        this.clock = clock;
    }

    void handle(Exchange x, Target target) throws Exception {
        LogRequest request;
        try {
            request = LogRequest.of(x, clock);
        } catch (IllegalArgumentException e) {
            throw Refused.badRequest(e.getMessage());
        }
        ContainerStatus status = choose(target, request);
        Path file = Path.of(status.getLogPath());
        if (status.getLogPath().isEmpty() || !Files.exists(file)) {
            x.reply(200, TEXT, new byte[0]);
            return;
        }
        ResumableStream stream = x.stream(200, TEXT);
        // a stream that is taken over goes on with the container that it began with, whatever was started since
        Optional<ContainerStatus> before = Optional.empty();
        Optional<String> begun = stream.cursor().flatMap(LogSender::container);
        if (begun.isPresent()) {
            before = containers.status(begun.get());
            if (before.isEmpty()) {
                stream.end();
                return;
            }
        }
        ContainerStatus log = before.orElse(status);
        new LogSender(Path.of(log.getLogPath()), log.getId(), request, () -> containers.runs(log.getId())).send(stream);
    }

    private ContainerStatus choose(Target target, LogRequest request) throws CriException, InterruptedException, Refused {
        List<Container> starts = containers.starts(target).stream()
                .filter(c -> c.getState() != ContainerState.CONTAINER_CREATED).toList();
        String about = "container \"" + target.container() + "\" in pod \"" + target.pod() + "\"";
        Optional<Obj> known = pods.find(target).flatMap(p -> statusOf(p, target.container()));
        boolean waits = known.map(s -> s.has("state", "waiting")).orElse(false);
        if (request.previous()) {
            int at = waits && !starts.isEmpty() && starts.getFirst().getState() != ContainerState.CONTAINER_RUNNING ? 0 : 1;
            if (starts.size() <= at) {
                throw Refused.badRequest("previous terminated " + about + " not found");
            }
            return status(starts.get(at), about);
        }
        if (starts.isEmpty()) {
            if (pods.find(target).isEmpty()) {
                throw Refused.notFound("pod \"" + target.pod() + "\" in namespace \"" + target.namespace() + "\" does not run on this node");
            }
            throw Refused.badRequest(about + " is waiting to start: " + known.map(s -> s.text("state", "waiting", "message").isEmpty()
                    ? s.text("state", "waiting", "reason") : s.text("state", "waiting", "message")).filter(w -> !w.isEmpty()).orElse("ContainerCreating"));
        }
        return status(starts.getFirst(), about);
    }

    private ContainerStatus status(Container c, String about) throws CriException, InterruptedException, Refused {
        return containers.status(c.getId()).orElseThrow(() -> Refused.badRequest(about + " was removed just now"));
    }

    private static Optional<Obj> statusOf(Pod pod, String container) {
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (Obj s : pod.status().objects(list)) {
                if (s.text("name").equals(container)) {
                    return Optional.of(s);
                }
            }
        }
        return Optional.empty();
    }
}
