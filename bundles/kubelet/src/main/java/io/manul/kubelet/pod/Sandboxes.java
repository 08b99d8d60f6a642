package io.manul.kubelet.pod;

import io.manul.cri.CriException;
import io.manul.cri.v1.RemoveContainerRequest;
import io.manul.cri.v1.RemovePodSandboxRequest;
import io.manul.cri.v1.RunPodSandboxRequest;
import io.manul.cri.v1.StopPodSandboxRequest;
import io.manul.json.Obj;
import io.manul.kubelet.cgroup.ClassShares;
import io.manul.kubelet.cgroup.PodLimits;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.runtime.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sandboxes of one pod, their cgroup and logs: made, stopped, removed. The pod's worker only. */
final class Sandboxes {

    private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);

    private final Parts parts;

    Sandboxes(Parts parts) {
        this.parts = parts;
    }

    /** Makes a new one, after whatever is left of the one before was stopped. */
    void renew(Pod pod, Observed seen) throws CriException, InterruptedException, IOException {
        if (seen.sandbox().isPresent()) {
            parts.events().normal(pod.reference(), "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            stop(seen);
        }
        Files.createDirectories(parts.places().logs(pod.namespace(), pod.name(), pod.uid()));
        parts.cgroups().create(parts.places().cgroup(pod.qos(), pod.uid()), PodLimits.of(pod));
        weigh("");
        parts.sandboxes().dnsOmitted(pod).forEach(w -> parts.events().warning(pod.reference(), "DNSConfigForming", w));
        int attempt = seen.sandbox().map(s -> s.attempt() + 1).orElse(0);
        parts.runtime().runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(parts.sandboxes().of(pod, attempt)).build());
    }

    /** Stops all that are not down; idempotent. */
    void stop(Observed seen) throws CriException, InterruptedException {
        Set<String> running = new HashSet<>();
        seen.running().forEach(i -> running.add(i.sandbox()));
        for (Sandbox s : seen.sandboxes()) {
            if (s.ready() || running.contains(s.id()) || s == seen.sandboxes().getFirst()) {
                parts.runtime().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(s.id()).build());
            }
        }
    }

    /** Removes what was exited before the last time, and sandboxes that hold nothing. */
    void tidy(Pod pod, Observed seen) throws CriException, InterruptedException {
        Set<String> kept = new HashSet<>();
        for (Obj c : pod.allContainers()) {
            boolean oneOver = false;
            for (Instance i : seen.of(c.text("name"))) {
                if (i.over() && oneOver) {
                    parts.runtime().removeContainer(RemoveContainerRequest.newBuilder().setContainerId(i.id()).build());
                    forget(pod, i);
                } else {
                    kept.add(i.sandbox());
                }
                oneOver |= i.over();
            }
        }
        for (Sandbox s : seen.sandboxes()) {
            if (!s.ready() && s != seen.sandboxes().getFirst() && !kept.contains(s.id())) {
                parts.runtime().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(s.id()).build());
            }
        }
    }

    /** Logs and last words of a container that is removed. */
    private void forget(Pod pod, Instance i) {
        Path logs = parts.places().logs(pod.namespace(), pod.name(), pod.uid()).resolve(i.name());
        String log = i.restarts() + ".log";
        try {
            Files.deleteIfExists(parts.places().pod(pod.uid()).resolve("containers").resolve(i.name()).resolve("last-words-" + i.restarts()));
            if (Files.isDirectory(logs)) {
                try (Stream<Path> all = Files.list(logs)) {
                    for (Path p : all.filter(p -> p.getFileName().toString().startsWith(log)).toList()) {
                        Files.deleteIfExists(p);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("Files of a removed container stay pod={} container={} why={}", pod.full(), i.name(), e.toString());
        }
    }

    /** Removes everything of a pod that has ended. */
    void remove(Pod pod, Observed seen) throws CriException, InterruptedException, IOException {
        for (Sandbox s : seen.sandboxes()) {
            parts.runtime().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(s.id()).build());
        }
        parts.volumes().release(pod.uid());
        for (String qos : new String[] {"Guaranteed", "Burstable", "BestEffort"}) {
            if (!parts.cgroups().remove(parts.places().cgroup(qos, pod.uid()))) {
                LOG.warn("Control group stays: something runs in it pod={}", pod.full());
            }
        }
        weigh(pod.uid());
        delete(parts.places().logs(pod.namespace(), pod.name(), pod.uid()));
    }

    /** @param without a pod that is gone */
    private void weigh(String without) {
        parts.cgroups().weigh(parts.places().cgroup(), () -> ClassShares.of(
                parts.all().get().stream().filter(p -> !p.uid().equals(without)).toList(), parts.node().get().orElseGet(Obj::of)));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
