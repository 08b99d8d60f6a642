package io.manul.kubelet.server;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerFilter;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatus;
import io.manul.cri.v1.ContainerStatusRequest;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.PodSandboxFilter;
import io.manul.cri.v1.PodSandboxState;
import io.manul.kubelet.runtime.Labels;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds containers and sandboxes in the runtime by the names of their pods, so that no other part must run for it. */
final class Containers {

    private final ContainerRuntime runtime;

    Containers(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    /** Where a request points. @param uid empty: whichever; @param container empty for the pod itself */
    record Target(String namespace, String pod, String uid, String container) {

        Map<String, String> labels() {
            Map<String, String> out = new HashMap<>();
            out.put(Labels.POD_NAMESPACE, namespace);
            out.put(Labels.POD_NAME, pod);
            if (!uid.isEmpty()) {
                out.put(Labels.POD_UID, uid);
            }
            if (!container.isEmpty()) {
                out.put(Labels.CONTAINER, container);
            }
            return out;
        }
    }

    /** Starts of a container of the newest pod of that name, newest first. */
    List<Container> starts(Target target) throws CriException, InterruptedException {
        List<Container> all = runtime.listContainers(ListContainersRequest.newBuilder()
                .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(target.labels())).build()).getContainersList()
                .stream().sorted(Comparator.comparingLong(Container::getCreatedAt).reversed()).toList();
        return all.stream().filter(c -> uid(c).equals(uid(all.getFirst()))).toList();
    }

    private static String uid(Container c) {
        return c.getLabelsOrDefault(Labels.POD_UID, "");
    }

    Container running(Target target) throws CriException, InterruptedException, Refused {
        return starts(target).stream().filter(c -> c.getState() == ContainerState.CONTAINER_RUNNING).findFirst()
                .orElseThrow(() -> Refused.notFound("container not found (\"" + target.container() + "\"): it does not run in pod "
                        + target.namespace() + "/" + target.pod() + " now"));
    }

    PodSandbox sandbox(Target target) throws CriException, InterruptedException, Refused {
        return runtime.listPodSandbox(ListPodSandboxRequest.newBuilder()
                .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(target.labels())).build()).getItemsList().stream()
                .filter(s -> s.getState() == PodSandboxState.SANDBOX_READY)
                .max(Comparator.comparingLong(PodSandbox::getCreatedAt))
                .orElseThrow(() -> Refused.notFound("pod not found (\"" + target.pod() + "_" + target.namespace() + "\"): it does not run now"));
    }

    Optional<ContainerStatus> status(String id) throws CriException, InterruptedException {
        try {
            return Optional.of(runtime.containerStatus(ContainerStatusRequest.newBuilder().setContainerId(id).build()).getStatus());
        } catch (CriException e) {
            if (e.notFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** True also while the runtime does not answer: containers outlive it. */
    boolean runs(String id) throws CriException, InterruptedException {
        try {
            return status(id).map(s -> s.getState() == ContainerState.CONTAINER_RUNNING).orElse(false);
        } catch (CriException e) {
            if (e.unavailable()) {
                return true;
            }
            throw e;
        }
    }
}
