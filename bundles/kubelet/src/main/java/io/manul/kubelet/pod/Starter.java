package io.manul.kubelet.pod;

import io.manul.cri.CriException;
import io.manul.cri.v1.ContainerConfig;
import io.manul.cri.v1.CreateContainerRequest;
import io.manul.cri.v1.Image;
import io.manul.cri.v1.Mount;
import io.manul.cri.v1.RemoveContainerRequest;
import io.manul.cri.v1.StartContainerRequest;
import io.manul.json.Obj;
import io.manul.kubelet.container.ConfigException;
import io.manul.kubelet.container.Downward;
import io.manul.kubelet.container.ServiceVariables;
import io.manul.kubelet.image.Images.Answer;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.probe.Prober;
import io.manul.kubelet.runtime.CriWords;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.runtime.Sandbox;
import io.manul.kubelet.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the containers of one pod: back-off, image, environment, mounts, create, start, hook. The pod's worker only. */
final class Starter {

    private static final Logger LOG = LoggerFactory.getLogger(Starter.class);
    private static final Duration RETRY = Duration.ofSeconds(10);
    /** A postStart hook holds the pod's worker: no longer than this. */
    private static final Duration HOOK = Duration.ofMinutes(2);

    private final Parts parts;
    private final Stops stops;
    private final Runnable changed;
    /** Why containers do not run, by name. */
    private final Map<String, Obj> waiting = new HashMap<>();
    /** The worker, while a hook holds it. */
    private Thread hooked;
    private boolean hastened;
    /** The exited container whose back-off was told as an event, by name. */
    private final Map<String, String> told = new HashMap<>();

    Starter(Parts parts, Stops stops, Runnable changed) {
        this.parts = parts;
        this.stops = stops;
        this.changed = changed;
    }

    Map<String, Obj> waiting() {
        return waiting;
    }

    /** @param folders of the pod's volumes @return when to try again; empty when something will tell */
    Optional<Duration> start(Pod pod, Obj container, Observed seen, Map<String, Path> folders) throws CriException, InterruptedException {
        String name = container.text("name");
        Optional<Instance> latest = seen.latest(name);
        Optional<Instance> exited = latest.filter(Instance::over);
        String key = pod.uid() + "/" + name;
        if (exited.isPresent()) {
            Optional<Duration> left = parts.backoff().left(key, finished(exited.get()));
            if (left.isPresent()) {
                crashing(pod, name, exited.get(), parts.backoff().wait(key));
                return left;
            }
        }
        return switch (parts.images().ensure(pod, container, changed)) {
            case Answer.OnItsWay() -> Optional.empty(); // why the try before failed stays shown
            case Answer.Refused(String reason, String message, Duration again) -> {
                wait(name, reason, message);
                yield Optional.of(again);
            }
            case Answer.Here(Image image) -> {
                exited.ifPresent(e -> parts.backoff().next(key, finished(e)));
                yield create(pod, container, seen, folders, image, latest);
            }
        };
    }

    private static Instant finished(Instance exited) {
        return Instant.ofEpochSecond(0, Math.max(exited.status().getFinishedAt(), exited.status().getCreatedAt()));
    }

    private void crashing(Pod pod, String name, Instance exited, Duration wait) {
        wait(name, "CrashLoopBackOff", "back-off " + words(wait) + " restarting failed container=" + name + " pod=" + pod.full());
        if (!exited.id().equals(told.put(name, exited.id()))) {
            parts.events().warning(pod.about(name), "BackOff", "Back-off restarting failed container " + name + " in pod " + pod.full());
        }
    }

    /** As Go writes a duration: 10s, 1m20s, 5m0s. */
    static String words(Duration d) {
        return (d.toMinutes() > 0 ? d.toMinutes() + "m" : "") + d.toSecondsPart() + "s";
    }

    private void wait(String name, String reason, String message) {
        waiting.put(name, Obj.of("reason", reason, "message", message));
    }

    private Optional<Duration> failed(Pod pod, String name, String reason, String message) {
        wait(name, reason, message);
        parts.events().warning(pod.about(name), "Failed", "Error: " + message);
        return Optional.of(RETRY);
    }

    private Optional<Duration> create(Pod pod, Obj container, Observed seen, Map<String, Path> folders, Image image, Optional<Instance> latest)
            throws CriException, InterruptedException {
        String name = container.text("name");
        Sandbox sandbox = seen.readySandbox().orElseThrow();
        int restarts = restarts(pod, name, latest);
        ContainerConfig config;
        try {
            config = config(pod, container, sandbox, folders, image, restarts);
        } catch (ConfigException | VolumeException e) {
            return failed(pod, name, "CreateContainerConfigError", e.getMessage());
        } catch (IOException e) {
            return failed(pod, name, "CreateContainerConfigError", "the log folder cannot be made: " + e);
        }
        if (latest.isPresent() && latest.get().created()) {
            // was made, but we were ended before it was started
            parts.runtime().removeContainer(RemoveContainerRequest.newBuilder().setContainerId(latest.get().id()).build());
        }
        String id;
        try {
            id = parts.runtime().createContainer(CreateContainerRequest.newBuilder().setPodSandboxId(sandbox.id()).setConfig(config)
                    .setSandboxConfig(parts.sandboxes().of(pod, sandbox.attempt())).build()).getContainerId();
        } catch (CriException e) {
            if (e.unavailable()) {
                throw e;
            }
            return failed(pod, name, "CreateContainerError", CriWords.said(e));
        }
        parts.events().normal(pod.about(name), "Created", "Created container: " + name);
        try {
            parts.runtime().startContainer(StartContainerRequest.newBuilder().setContainerId(id).build());
        } catch (CriException e) {
            if (e.unavailable()) {
                throw e;
            }
            return failed(pod, name, "RunContainerError", CriWords.said(e));
        }
        parts.events().normal(pod.about(name), "Started", "Started container " + name);
        waiting.remove(name);
        hook(pod, container, id, ip(pod, sandbox));
        return Optional.empty();
    }

    /** One more than the last start; the API's number where the runtime has lost the container. */
    private static int restarts(Pod pod, String name, Optional<Instance> latest) {
        if (latest.isPresent()) {
            return latest.get().restarts() + (latest.get().created() ? 0 : 1);
        }
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (Obj s : pod.status().objects(list)) {
                if (s.text("name").equals(name) && s.has("containerID")) {
                    return (int) s.number("restartCount").orElse(0) + 1;
                }
            }
        }
        return 0;
    }

    private ContainerConfig config(Pod pod, Obj container, Sandbox sandbox, Map<String, Path> folders, Image image, int restarts)
            throws ConfigException, VolumeException, IOException, InterruptedException {
        Downward downward = downward(parts, pod, addresses(pod, sandbox));
        Map<String, String> services = ServiceVariables.of(parts.services().list(), pod.namespace(),
                !Boolean.FALSE.equals(pod.spec().get("enableServiceLinks")));
        Map<String, String> environment = parts.environment().of(container, downward, services);
        List<Mount> mounts = parts.mounts().of(pod, container, restarts, folders, environment, addresses(pod, sandbox));
        Files.createDirectories(parts.places().logs(pod.namespace(), pod.name(), pod.uid()).resolve(container.text("name")));
        ContainerConfig config = parts.containers().of(pod, container, restarts, image, environment, mounts);
        return config.toBuilder().addAllDevices(parts.volumes().devices(pod, container)).build();
    }

    private List<String> addresses(Pod pod, Sandbox sandbox) {
        return pod.hostNetwork() ? List.of(parts.settings().nodeIp()) : sandbox.ips();
    }

    private String ip(Pod pod, Sandbox sandbox) {
        return addresses(pod, sandbox).stream().findFirst().orElse("");
    }

    static Downward downward(Parts parts, Pod pod, List<String> ips) {
        Map<String, String> allocatable = parts.node().get().map(n -> n.stringMap("status", "allocatable")).orElseGet(Map::of);
        return new Downward(pod, parts.settings().nodeName(), ips, List.of(parts.settings().nodeIp()), allocatable);
    }

    /** The pod is to go: a hook that still runs is given up. From any thread. */
    synchronized void hasten() {
        if (hooked != null) {
            hastened = true;
            hooked.interrupt();
        }
    }

    private synchronized void hooked(Thread worker) {
        if (worker == null && hastened) {
            Thread.interrupted(); // was meant for the hook
        }
        hooked = worker;
        hastened = false;
    }

    private synchronized boolean hastened() {
        return hastened;
    }

    private void hook(Pod pod, Obj container, String id, String ip) throws InterruptedException {
        Obj hook = container.at("lifecycle", "postStart");
        if (hook.isEmpty()) {
            return;
        }
        Prober.Result result;
        hooked(Thread.currentThread());
        try {
            result = parts.prober().attempt(hook, container, id, ip, HOOK);
        } catch (InterruptedException e) {
            if (!hastened()) {
                throw e;
            }
            return;
        } finally {
            hooked(null);
        }
        if (!result.well()) {
            String name = container.text("name");
            LOG.info("PostStart hook failed pod={} container={} why={}", pod.full(), name, result.message());
            // not what it printed, which may hold secrets
            parts.events().warning(pod.about(name), "FailedPostStartHook", "PostStartHook failed");
            parts.events().normal(pod.about(name), "Killing", "FailedPostStartHook");
            Instance failed = new Instance(id, name, "", io.manul.cri.v1.ContainerStatus.getDefaultInstance());
            stops.stop(pod, failed, ip, pod.graceSeconds());
        }
    }
}
