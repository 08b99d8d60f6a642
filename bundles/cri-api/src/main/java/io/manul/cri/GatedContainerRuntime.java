package io.manul.cri;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Unavailable;
import io.manul.cri.v1.AttachRequest;
import io.manul.cri.v1.AttachResponse;
import io.manul.cri.v1.ContainerEventResponse;
import io.manul.cri.v1.ContainerStatsRequest;
import io.manul.cri.v1.ContainerStatsResponse;
import io.manul.cri.v1.ContainerStatusRequest;
import io.manul.cri.v1.ContainerStatusResponse;
import io.manul.cri.v1.CreateContainerRequest;
import io.manul.cri.v1.CreateContainerResponse;
import io.manul.cri.v1.ExecRequest;
import io.manul.cri.v1.ExecResponse;
import io.manul.cri.v1.ExecSyncRequest;
import io.manul.cri.v1.ExecSyncResponse;
import io.manul.cri.v1.GetEventsRequest;
import io.manul.cri.v1.ImageFsInfoRequest;
import io.manul.cri.v1.ImageFsInfoResponse;
import io.manul.cri.v1.ImageStatusRequest;
import io.manul.cri.v1.ImageStatusResponse;
import io.manul.cri.v1.ListContainerStatsRequest;
import io.manul.cri.v1.ListContainerStatsResponse;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListContainersResponse;
import io.manul.cri.v1.ListImagesRequest;
import io.manul.cri.v1.ListImagesResponse;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.ListPodSandboxResponse;
import io.manul.cri.v1.ListPodSandboxStatsRequest;
import io.manul.cri.v1.ListPodSandboxStatsResponse;
import io.manul.cri.v1.PodSandboxStatsRequest;
import io.manul.cri.v1.PodSandboxStatsResponse;
import io.manul.cri.v1.PodSandboxStatusRequest;
import io.manul.cri.v1.PodSandboxStatusResponse;
import io.manul.cri.v1.PortForwardRequest;
import io.manul.cri.v1.PortForwardResponse;
import io.manul.cri.v1.PullImageRequest;
import io.manul.cri.v1.PullImageResponse;
import io.manul.cri.v1.RemoveContainerRequest;
import io.manul.cri.v1.RemoveContainerResponse;
import io.manul.cri.v1.RemoveImageRequest;
import io.manul.cri.v1.RemoveImageResponse;
import io.manul.cri.v1.RemovePodSandboxRequest;
import io.manul.cri.v1.RemovePodSandboxResponse;
import io.manul.cri.v1.ReopenContainerLogRequest;
import io.manul.cri.v1.ReopenContainerLogResponse;
import io.manul.cri.v1.RunPodSandboxRequest;
import io.manul.cri.v1.RunPodSandboxResponse;
import io.manul.cri.v1.RuntimeConfigRequest;
import io.manul.cri.v1.RuntimeConfigResponse;
import io.manul.cri.v1.StartContainerRequest;
import io.manul.cri.v1.StartContainerResponse;
import io.manul.cri.v1.StatusRequest;
import io.manul.cri.v1.StatusResponse;
import io.manul.cri.v1.StopContainerRequest;
import io.manul.cri.v1.StopContainerResponse;
import io.manul.cri.v1.StopPodSandboxRequest;
import io.manul.cri.v1.StopPodSandboxResponse;
import io.manul.cri.v1.UpdateContainerResourcesRequest;
import io.manul.cri.v1.UpdateContainerResourcesResponse;
import io.manul.cri.v1.UpdatePodSandboxResourcesRequest;
import io.manul.cri.v1.UpdatePodSandboxResourcesResponse;
import io.manul.cri.v1.UpdateRuntimeConfigRequest;
import io.manul.cri.v1.UpdateRuntimeConfigResponse;
import io.manul.cri.v1.VersionRequest;
import io.manul.cri.v1.VersionResponse;
import java.util.function.Consumer;

/**
 * The {@link ContainerRuntime} that callers hold: each call goes through the gate to the version of the room that serves now.
 * A repeatable call that the replaced version could not finish runs again on the next one. Safe from any thread.
 */
public final class GatedContainerRuntime implements ContainerRuntime {

    private final Gate<ContainerRuntime> gate;

    public GatedContainerRuntime(Gate<ContainerRuntime> gate) {
        this.gate = gate;
    }

    private interface Call<A, R> {
        R on(ContainerRuntime runtime, A request) throws CriException, InterruptedException;
    }

    /** @param repeatable true when the call may run a second time without harm, on the version that took the first one's place */
    private <A, R> R call(boolean repeatable, A request, Call<A, R> call) throws CriException, InterruptedException {
        try (Gate.Slot<ContainerRuntime> slot = enter()) {
            try {
                R response = call.on(slot.service(), request);
                slot.count(true);
                return response;
            } catch (CriException e) {
                slot.count(true); // the world's answer, not a fault of this version
                if (!repeatable || !e.unavailable() || !slot.retired()) {
                    throw e;
                }
            } catch (RuntimeException e) {
                slot.count(false);
                throw e;
            }
        }
        return call(false, request, call);
    }

    private Gate.Slot<ContainerRuntime> enter() throws CriException, InterruptedException {
        try {
            return gate.enter();
        } catch (Unavailable e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            throw new CriException(CriException.Code.UNAVAILABLE, e.getMessage());
        }
    }

    @Override
    public VersionResponse version(VersionRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::version);
    }

    @Override
    public StatusResponse status(StatusRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::status);
    }

    @Override
    public RuntimeConfigResponse runtimeConfig(RuntimeConfigRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::runtimeConfig);
    }

    @Override
    public UpdateRuntimeConfigResponse updateRuntimeConfig(UpdateRuntimeConfigRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::updateRuntimeConfig);
    }

    @Override
    public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request) throws CriException, InterruptedException {
        return call(false, request, ContainerRuntime::runPodSandbox);
    }

    @Override
    public StopPodSandboxResponse stopPodSandbox(StopPodSandboxRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::stopPodSandbox);
    }

    @Override
    public RemovePodSandboxResponse removePodSandbox(RemovePodSandboxRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::removePodSandbox);
    }

    @Override
    public PodSandboxStatusResponse podSandboxStatus(PodSandboxStatusRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::podSandboxStatus);
    }

    @Override
    public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::listPodSandbox);
    }

    @Override
    public UpdatePodSandboxResourcesResponse updatePodSandboxResources(UpdatePodSandboxResourcesRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::updatePodSandboxResources);
    }

    @Override
    public CreateContainerResponse createContainer(CreateContainerRequest request)
            throws CriException, InterruptedException {
        return call(false, request, ContainerRuntime::createContainer);
    }

    @Override
    public StartContainerResponse startContainer(StartContainerRequest request) throws CriException, InterruptedException {
        return call(false, request, ContainerRuntime::startContainer);
    }

    @Override
    public StopContainerResponse stopContainer(StopContainerRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::stopContainer);
    }

    @Override
    public RemoveContainerResponse removeContainer(RemoveContainerRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::removeContainer);
    }

    @Override
    public ListContainersResponse listContainers(ListContainersRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::listContainers);
    }

    @Override
    public ContainerStatusResponse containerStatus(ContainerStatusRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::containerStatus);
    }

    @Override
    public UpdateContainerResourcesResponse updateContainerResources(UpdateContainerResourcesRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::updateContainerResources);
    }

    @Override
    public ReopenContainerLogResponse reopenContainerLog(ReopenContainerLogRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::reopenContainerLog);
    }

    @Override
    public ExecSyncResponse execSync(ExecSyncRequest request) throws CriException, InterruptedException {
        return call(false, request, ContainerRuntime::execSync);
    }

    @Override
    public ExecResponse exec(ExecRequest request) throws CriException, InterruptedException {
        return call(false, request, ContainerRuntime::exec);
    }

    @Override
    public AttachResponse attach(AttachRequest request) throws CriException, InterruptedException {
        return call(false, request, ContainerRuntime::attach);
    }

    @Override
    public PortForwardResponse portForward(PortForwardRequest request) throws CriException, InterruptedException {
        return call(false, request, ContainerRuntime::portForward);
    }

    @Override
    public ContainerStatsResponse containerStats(ContainerStatsRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::containerStats);
    }

    @Override
    public ListContainerStatsResponse listContainerStats(ListContainerStatsRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::listContainerStats);
    }

    @Override
    public PodSandboxStatsResponse podSandboxStats(PodSandboxStatsRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::podSandboxStats);
    }

    @Override
    public ListPodSandboxStatsResponse listPodSandboxStats(ListPodSandboxStatsRequest request)
            throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::listPodSandboxStats);
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::listImages);
    }

    @Override
    public ImageStatusResponse imageStatus(ImageStatusRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::imageStatus);
    }

    @Override
    public PullImageResponse pullImage(PullImageRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::pullImage);
    }

    @Override
    public RemoveImageResponse removeImage(RemoveImageRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::removeImage);
    }

    @Override
    public ImageFsInfoResponse imageFsInfo(ImageFsInfoRequest request) throws CriException, InterruptedException {
        return call(true, request, ContainerRuntime::imageFsInfo);
    }

    /** Not counted as a call inside: a stream has no end that a replacement could wait for. The old version breaks it. */
    @Override
    public void getContainerEvents(GetEventsRequest request, Consumer<ContainerEventResponse> sink)
            throws CriException, InterruptedException {
        ContainerRuntime now;
        try (Gate.Slot<ContainerRuntime> slot = enter()) {
            now = slot.service();
        }
        now.getContainerEvents(request, sink);
    }
}
