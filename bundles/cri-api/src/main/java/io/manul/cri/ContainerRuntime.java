package io.manul.cri;

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
import org.osgi.annotation.versioning.ProviderType;

/**
 * The container runtime of this node: Kubernetes Container Runtime Interface v1, RuntimeService and ImageService. A method
 * blocks until the runtime has answered; interrupting the thread cancels the call. Every call has a deadline that fits it,
 * unless said otherwise (DEADLINE_EXCEEDED). Safe from any thread, virtual ones preferred.
 *
 * <p>While the runtime restarts, a call waits some seconds for it before UNAVAILABLE. While the room is replaced, a call that
 * changes nothing when repeated runs again on the new version; another one that was cut is UNAVAILABLE, and the caller lists
 * what there is before it tries again, as after any lost answer.
 */
@ProviderType
public interface ContainerRuntime {

    /** Image of the sandbox's own process, made by us, on every node; never to be collected as unused. */
    String PAUSE_IMAGE = "manul.io/pause:1";

    // ---- the runtime

    /** Name and version of the runtime. Answers as soon as it runs. */
    VersionResponse version(VersionRequest request) throws CriException, InterruptedException;

    /** The conditions RuntimeReady and NetworkReady; {@code verbose} adds the runtime's configuration as JSON. */
    StatusResponse status(StatusRequest request) throws CriException, InterruptedException;

    /** The cgroup driver; UNIMPLEMENTED before containerd 2.0, which then means what {@link #status} tells. */
    RuntimeConfigResponse runtimeConfig(RuntimeConfigRequest request) throws CriException, InterruptedException;

    /** Tells this node's pod CIDR. The pod network is made from it for sandboxes that start afterwards. */
    UpdateRuntimeConfigResponse updateRuntimeConfig(UpdateRuntimeConfigRequest request)
            throws CriException, InterruptedException;

    // ---- pod sandboxes

    /** Makes and starts a sandbox: network namespace, pod IP, pause container. */
    RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request) throws CriException, InterruptedException;

    /** Kills what runs in it and gives its network back. Idempotent. */
    StopPodSandboxResponse stopPodSandbox(StopPodSandboxRequest request) throws CriException, InterruptedException;

    /** Removes it with all its containers. Idempotent. */
    RemovePodSandboxResponse removePodSandbox(RemovePodSandboxRequest request) throws CriException, InterruptedException;

    PodSandboxStatusResponse podSandboxStatus(PodSandboxStatusRequest request) throws CriException, InterruptedException;

    ListPodSandboxResponse listPodSandbox(ListPodSandboxRequest request) throws CriException, InterruptedException;

    UpdatePodSandboxResourcesResponse updatePodSandboxResources(UpdatePodSandboxResourcesRequest request)
            throws CriException, InterruptedException;

    // ---- containers

    /**
     * Makes a container of an image that is present. A mount's {@code host_path} must exist: containerd would make a
     * folder.
     */
    CreateContainerResponse createContainer(CreateContainerRequest request) throws CriException, InterruptedException;

    StartContainerResponse startContainer(StartContainerRequest request) throws CriException, InterruptedException;

    /** TERM, and KILL after {@code timeout} seconds; blocks until it is over. Idempotent. */
    StopContainerResponse stopContainer(StopContainerRequest request) throws CriException, InterruptedException;

    /** Removes a container that has stopped. Idempotent. */
    RemoveContainerResponse removeContainer(RemoveContainerRequest request) throws CriException, InterruptedException;

    ListContainersResponse listContainers(ListContainersRequest request) throws CriException, InterruptedException;

    ContainerStatusResponse containerStatus(ContainerStatusRequest request) throws CriException, InterruptedException;

    UpdateContainerResourcesResponse updateContainerResources(UpdateContainerResourcesRequest request)
            throws CriException, InterruptedException;

    /** Opens the log file anew after it was rotated away. */
    ReopenContainerLogResponse reopenContainerLog(ReopenContainerLogRequest request)
            throws CriException, InterruptedException;

    // ---- exec, attach, port-forward

    /**
     * Runs a command in a container and waits for it. DEADLINE_EXCEEDED after {@code timeout} seconds. Output beyond 16
     * MiB is RESOURCE_EXHAUSTED.
     */
    ExecSyncResponse execSync(ExecSyncRequest request) throws CriException, InterruptedException;

    /** Prepares a stream; the answer is its URL on the node's loopback. */
    ExecResponse exec(ExecRequest request) throws CriException, InterruptedException;

    AttachResponse attach(AttachRequest request) throws CriException, InterruptedException;

    PortForwardResponse portForward(PortForwardRequest request) throws CriException, InterruptedException;

    // ---- figures

    ContainerStatsResponse containerStats(ContainerStatsRequest request) throws CriException, InterruptedException;

    ListContainerStatsResponse listContainerStats(ListContainerStatsRequest request)
            throws CriException, InterruptedException;

    PodSandboxStatsResponse podSandboxStats(PodSandboxStatsRequest request) throws CriException, InterruptedException;

    ListPodSandboxStatsResponse listPodSandboxStats(ListPodSandboxStatsRequest request)
            throws CriException, InterruptedException;

    // ---- images

    ListImagesResponse listImages(ListImagesRequest request) throws CriException, InterruptedException;

    /** The answer has no image when it is not on this node. */
    ImageStatusResponse imageStatus(ImageStatusRequest request) throws CriException, InterruptedException;

    /** Fetches an image; may take minutes, has no deadline of its own: interrupt it to give up. */
    PullImageResponse pullImage(PullImageRequest request) throws CriException, InterruptedException;

    /** Idempotent. */
    RemoveImageResponse removeImage(RemoveImageRequest request) throws CriException, InterruptedException;

    ImageFsInfoResponse imageFsInfo(ImageFsInfoRequest request) throws CriException, InterruptedException;

    // ---- events

    /**
     * Tells {@code sink} each event of a container's life, on the calling thread, until the stream breaks (UNAVAILABLE: list
     * and call again), the thread is interrupted, or {@code sink} throws. UNIMPLEMENTED before containerd 1.7: list instead.
     */
    void getContainerEvents(GetEventsRequest request, Consumer<ContainerEventResponse> sink)
            throws CriException, InterruptedException;
}
