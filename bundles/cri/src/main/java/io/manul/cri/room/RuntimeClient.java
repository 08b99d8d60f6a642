package io.manul.cri.room;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.grpc.GrpcClient;
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
import java.time.Duration;
import java.util.function.Consumer;

/** {@link ContainerRuntime} over gRPC. The deadlines are the kubelet's (runtimeRequestTimeout: 2 minutes). */
class RuntimeClient implements ContainerRuntime {

    private static final String RUNTIME = "/runtime.v1.RuntimeService/";
    private static final String IMAGES = "/runtime.v1.ImageService/";
    private static final Duration USUAL = Duration.ofMinutes(2);

    private final GrpcClient grpc;

    RuntimeClient(GrpcClient grpc) {
        this.grpc = grpc;
    }

    private <R extends MessageLite> R call(String method, MessageLite request, Parser<R> parser, Duration deadline)
            throws CriException, InterruptedException {
        return grpc.unary(method, request, parser, deadline);
    }

    @Override
    public VersionResponse version(VersionRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "Version", request, VersionResponse.parser(), Duration.ofSeconds(30));
    }

    @Override
    public StatusResponse status(StatusRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "Status", request, StatusResponse.parser(), USUAL);
    }

    @Override
    public RuntimeConfigResponse runtimeConfig(RuntimeConfigRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "RuntimeConfig", request, RuntimeConfigResponse.parser(), USUAL);
    }

    @Override
    public UpdateRuntimeConfigResponse updateRuntimeConfig(UpdateRuntimeConfigRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "UpdateRuntimeConfig", request, UpdateRuntimeConfigResponse.parser(), USUAL);
    }

    @Override
    public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "RunPodSandbox", request, RunPodSandboxResponse.parser(), USUAL.multipliedBy(2));
    }

    @Override
    public StopPodSandboxResponse stopPodSandbox(StopPodSandboxRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "StopPodSandbox", request, StopPodSandboxResponse.parser(), USUAL);
    }

    @Override
    public RemovePodSandboxResponse removePodSandbox(RemovePodSandboxRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "RemovePodSandbox", request, RemovePodSandboxResponse.parser(), USUAL);
    }

    @Override
    public PodSandboxStatusResponse podSandboxStatus(PodSandboxStatusRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "PodSandboxStatus", request, PodSandboxStatusResponse.parser(), USUAL);
    }

    @Override
    public ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "ListPodSandbox", request, ListPodSandboxResponse.parser(), USUAL);
    }

    @Override
    public UpdatePodSandboxResourcesResponse updatePodSandboxResources(UpdatePodSandboxResourcesRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "UpdatePodSandboxResources", request, UpdatePodSandboxResourcesResponse.parser(), USUAL);
    }

    @Override
    public CreateContainerResponse createContainer(CreateContainerRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "CreateContainer", request, CreateContainerResponse.parser(), USUAL);
    }

    @Override
    public StartContainerResponse startContainer(StartContainerRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "StartContainer", request, StartContainerResponse.parser(), USUAL);
    }

    @Override
    public StopContainerResponse stopContainer(StopContainerRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "StopContainer",
                request, StopContainerResponse.parser(), USUAL.plusSeconds(Math.max(0, request.getTimeout())));
    }

    @Override
    public RemoveContainerResponse removeContainer(RemoveContainerRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "RemoveContainer", request, RemoveContainerResponse.parser(), USUAL);
    }

    @Override
    public ListContainersResponse listContainers(ListContainersRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "ListContainers", request, ListContainersResponse.parser(), USUAL);
    }

    @Override
    public ContainerStatusResponse containerStatus(ContainerStatusRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "ContainerStatus", request, ContainerStatusResponse.parser(), USUAL);
    }

    @Override
    public UpdateContainerResourcesResponse updateContainerResources(UpdateContainerResourcesRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "UpdateContainerResources", request, UpdateContainerResourcesResponse.parser(), USUAL);
    }

    @Override
    public ReopenContainerLogResponse reopenContainerLog(ReopenContainerLogRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "ReopenContainerLog", request, ReopenContainerLogResponse.parser(), USUAL);
    }

    @Override
    public ExecSyncResponse execSync(ExecSyncRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "ExecSync",
                request, ExecSyncResponse.parser(), request.getTimeout() > 0 ? Duration.ofSeconds(request.getTimeout() + 10) : GrpcClient.FOREVER);
    }

    @Override
    public ExecResponse exec(ExecRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "Exec", request, ExecResponse.parser(), USUAL);
    }

    @Override
    public AttachResponse attach(AttachRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "Attach", request, AttachResponse.parser(), USUAL);
    }

    @Override
    public PortForwardResponse portForward(PortForwardRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "PortForward", request, PortForwardResponse.parser(), USUAL);
    }

    @Override
    public ContainerStatsResponse containerStats(ContainerStatsRequest request) throws CriException, InterruptedException {
        return call(RUNTIME + "ContainerStats", request, ContainerStatsResponse.parser(), USUAL);
    }

    @Override
    public ListContainerStatsResponse listContainerStats(ListContainerStatsRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "ListContainerStats", request, ListContainerStatsResponse.parser(), USUAL);
    }

    @Override
    public PodSandboxStatsResponse podSandboxStats(PodSandboxStatsRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "PodSandboxStats", request, PodSandboxStatsResponse.parser(), USUAL);
    }

    @Override
    public ListPodSandboxStatsResponse listPodSandboxStats(ListPodSandboxStatsRequest request)
            throws CriException, InterruptedException {
        return call(RUNTIME + "ListPodSandboxStats", request, ListPodSandboxStatsResponse.parser(), USUAL);
    }

    @Override
    public ListImagesResponse listImages(ListImagesRequest request) throws CriException, InterruptedException {
        return call(IMAGES + "ListImages", request, ListImagesResponse.parser(), USUAL);
    }

    @Override
    public ImageStatusResponse imageStatus(ImageStatusRequest request) throws CriException, InterruptedException {
        return call(IMAGES + "ImageStatus", request, ImageStatusResponse.parser(), USUAL);
    }

    @Override
    public PullImageResponse pullImage(PullImageRequest request) throws CriException, InterruptedException {
        return call(IMAGES + "PullImage", request, PullImageResponse.parser(), GrpcClient.FOREVER);
    }

    @Override
    public RemoveImageResponse removeImage(RemoveImageRequest request) throws CriException, InterruptedException {
        return call(IMAGES + "RemoveImage", request, RemoveImageResponse.parser(), USUAL);
    }

    @Override
    public ImageFsInfoResponse imageFsInfo(ImageFsInfoRequest request) throws CriException, InterruptedException {
        return call(IMAGES + "ImageFsInfo", request, ImageFsInfoResponse.parser(), USUAL);
    }

    @Override
    public void getContainerEvents(GetEventsRequest request, Consumer<ContainerEventResponse> sink)
            throws CriException, InterruptedException {
        grpc.stream(RUNTIME + "GetContainerEvents", request, ContainerEventResponse.parser(), sink);
    }
}
