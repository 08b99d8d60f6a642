package io.manul.kubelet.stats;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerFilter;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStateValue;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.PodSandboxFilter;
import io.manul.cri.v1.PodSandboxState;
import io.manul.cri.v1.PodSandboxStateValue;
import io.manul.kubelet.Places;
import io.manul.kubelet.cgroup.Cgroups;
import io.manul.kubelet.cgroup.Usage;
import io.manul.kubelet.runtime.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a {@link Reading}: which pods run is asked of the runtime, what they use of the kernel. Stateless. */
final class Reader {

    private static final List<String> CLASSES = List.of("Burstable", "BestEffort", "Guaranteed");

    private final ContainerRuntime runtime;
    private final Cgroups cgroups;
    private final Places places;
    private final Path proc;
    private final InstantSource clock;

    Reader(ContainerRuntime runtime, Cgroups cgroups, Places places, Path proc, InstantSource clock) {
        this.runtime = runtime;
        this.cgroups = cgroups;
        this.places = places;
        this.proc = proc;
        this.clock = clock;
    }

    Reading read() throws CriException, InterruptedException {
        List<PodSandbox> sandboxes = runtime.listPodSandbox(ListPodSandboxRequest.newBuilder().setFilter(PodSandboxFilter.newBuilder()
                .setState(PodSandboxStateValue.newBuilder().setState(PodSandboxState.SANDBOX_READY))).build()).getItemsList();
        Map<String, List<Container>> containers = runtime.listContainers(ListContainersRequest.newBuilder().setFilter(ContainerFilter.newBuilder()
                .setState(ContainerStateValue.newBuilder().setState(ContainerState.CONTAINER_RUNNING))).build()).getContainersList().stream()
                .collect(Collectors.groupingBy(Container::getPodSandboxId));
        Instant now = clock.instant();
        List<Reading.OfPod> pods = new ArrayList<>();
        for (PodSandbox s : sandboxes) {
            pods.add(pod(s, containers.getOrDefault(s.getId(), List.of()), now));
        }
        return new Reading(now, node(now), Usage.of(cgroups, places.cgroup(), now), Network.of(proc.resolve("self/net/dev")), pods);
    }

    /** The root group; where it tells no memory (version 2, or a machine in a container), what the kernel says of the whole. */
    private Usage node(Instant now) {
        MachineUsage machine = MachineUsage.of(proc);
        return Usage.of(cgroups, "", now).map(u -> u.memory() > 0 ? u : machine.complete(u)).orElseGet(() -> machine.usage(now));
    }

    private Reading.OfPod pod(PodSandbox s, List<Container> containers, Instant now) {
        String uid = s.getLabelsOrDefault(Labels.POD_UID, s.getMetadata().getUid());
        String group = CLASSES.stream().map(c -> places.cgroup(c, uid)).filter(g -> Files.isDirectory(cgroups.folder("memory", g))).findFirst()
                .orElseGet(() -> places.cgroup("BestEffort", uid));
        List<Reading.OfContainer> out = new ArrayList<>();
        for (Container c : containers) {
            String own = group + "/" + c.getId();
            Usage.of(cgroups, own, now).ifPresent(u -> out.add(new Reading.OfContainer(c.getLabelsOrDefault(Labels.CONTAINER,
                    c.getMetadata().getName()), c.getId(), c.getImage().getUserSpecifiedImage().isEmpty() ? c.getImage().getImage()
                    : c.getImage().getUserSpecifiedImage(), own, started(c.getCreatedAt()), u)));
        }
        return new Reading.OfPod(s.getMetadata().getNamespace(), s.getMetadata().getName(), uid, group, started(s.getCreatedAt()),
                Usage.of(cgroups, group, now), network(group + "/" + s.getId()), out);
    }

    private static Instant started(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }

    /** Of the namespace that the sandbox' process is in; none on the host's network. */
    private Optional<Network> network(String sandbox) {
        try {
            List<String> processes = Files.readAllLines(cgroups.folder("cpuacct", sandbox).resolve("cgroup.procs"));
            if (processes.isEmpty() || Files.readSymbolicLink(proc.resolve(processes.getFirst()).resolve("ns/net"))
                    .equals(Files.readSymbolicLink(proc.resolve("self/ns/net")))) {
                return Optional.empty();
            }
            return Optional.of(Network.of(proc.resolve(processes.getFirst()).resolve("net/dev")));
        } catch (IOException e) {
            return Optional.empty(); // ended meanwhile
        }
    }
}
