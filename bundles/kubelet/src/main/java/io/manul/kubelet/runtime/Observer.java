package io.manul.kubelet.runtime;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerFilter;
import io.manul.cri.v1.ContainerStatus;
import io.manul.cri.v1.ContainerStatusRequest;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.NamespaceMode;
import io.manul.cri.v1.PodIP;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.PodSandboxFilter;
import io.manul.cri.v1.PodSandboxState;
import io.manul.cri.v1.PodSandboxStatus;
import io.manul.cri.v1.PodSandboxStatusRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one pod from the runtime by its labels. Keeps what can change no more: exited containers. One pod's worker only. */
public final class Observer {

    private final ContainerRuntime runtime;
    private final Map<String, ContainerStatus> exited = new HashMap<>();
    private final Map<String, Sandbox> ready = new HashMap<>();

    public Observer(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    public Observed observe(String uid) throws CriException, InterruptedException {
        Map<String, String> mine = Map.of(Labels.POD_UID, uid);
        List<Sandbox> sandboxes = new ArrayList<>();
        for (PodSandbox s : runtime.listPodSandbox(ListPodSandboxRequest.newBuilder()
                .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(mine)).build()).getItemsList()) {
            sandbox(s).ifPresent(sandboxes::add);
        }
        List<Instance> instances = new ArrayList<>();
        for (Container c : runtime.listContainers(ListContainersRequest.newBuilder()
                .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(mine)).build()).getContainersList()) {
            status(c).ifPresent(s -> instances.add(new Instance(c.getId(), c.getLabelsOrDefault(Labels.CONTAINER, ""),
                    c.getPodSandboxId(), s)));
        }
        sandboxes.sort(Comparator.comparingLong(Sandbox::createdAt).reversed());
        instances.sort(Comparator.comparingLong((Instance i) -> i.status().getCreatedAt()).reversed());
        exited.keySet().removeIf(id -> instances.stream().noneMatch(i -> i.id().equals(id)));
        ready.keySet().removeIf(id -> sandboxes.stream().noneMatch(s -> s.id().equals(id)));
        return new Observed(sandboxes, instances);
    }

    private Optional<Sandbox> sandbox(PodSandbox s) throws CriException, InterruptedException {
        boolean isReady = s.getState() == PodSandboxState.SANDBOX_READY;
        Sandbox known = ready.get(s.getId());
        if (isReady && known != null) {
            return Optional.of(known); // a ready sandbox keeps its addresses
        }
        ready.remove(s.getId());
        if (!isReady) {
            return Optional.of(new Sandbox(s.getId(), s.getMetadata().getAttempt(), false, s.getCreatedAt(), List.of(), false));
        }
        try {
            PodSandboxStatus status = runtime.podSandboxStatus(
                    PodSandboxStatusRequest.newBuilder().setPodSandboxId(s.getId()).build()).getStatus();
            List<String> ips = new ArrayList<>();
            if (!status.getNetwork().getIp().isEmpty()) {
                ips.add(status.getNetwork().getIp());
            }
            status.getNetwork().getAdditionalIpsList().stream().map(PodIP::getIp).forEach(ips::add);
            boolean host = status.getLinux().getNamespaces().getOptions().getNetwork() == NamespaceMode.NODE;
            Sandbox now = new Sandbox(s.getId(), s.getMetadata().getAttempt(),
                    status.getState() == PodSandboxState.SANDBOX_READY, s.getCreatedAt(), ips, host);
            if (now.ready()) {
                ready.put(s.getId(), now);
            }
            return Optional.of(now);
        } catch (CriException e) {
            if (e.notFound()) {
                return Optional.empty(); // removed between the two calls
            }
            throw e;
        }
    }

    private Optional<ContainerStatus> status(Container c) throws CriException, InterruptedException {
        ContainerStatus known = exited.get(c.getId());
        if (known != null) {
            return Optional.of(known);
        }
        try {
            ContainerStatus status = runtime.containerStatus(
                    ContainerStatusRequest.newBuilder().setContainerId(c.getId()).build()).getStatus();
            if (status.getFinishedAt() != 0) {
                exited.put(c.getId(), status);
            }
            return Optional.of(status);
        } catch (CriException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
