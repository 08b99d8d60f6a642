package io.manul.cri.room;

import io.manul.cri.CriException;
import io.manul.cri.grpc.GrpcClient;
import io.manul.cri.network.PodNetwork;
import io.manul.cri.pause.PauseImage;
import io.manul.cri.v1.RunPodSandboxRequest;
import io.manul.cri.v1.RunPodSandboxResponse;
import io.manul.cri.v1.UpdateRuntimeConfigRequest;
import io.manul.cri.v1.UpdateRuntimeConfigResponse;
import java.io.IOException;

/** The runtime where containerd is ours: no sandbox before the pause image is there; the pod CIDR goes into our network. */
final class ManagedRuntime extends RuntimeClient {

    private final PodNetwork network;
    private volatile PauseImage pause;

    ManagedRuntime(GrpcClient grpc, PodNetwork network) {
        super(grpc);
        this.network = network;
    }

    void pause(PauseImage image) {
        pause = image;
    }

    @Override
    public RunPodSandboxResponse runPodSandbox(RunPodSandboxRequest request) throws CriException, InterruptedException {
        ensurePause();
        try {
            return super.runPodSandbox(request);
        } catch (CriException e) {
            if (!String.valueOf(e.getMessage()).contains("failed to get sandbox image")) {
                throw e;
            }
            pause.forget(); // somebody removed it
            ensurePause();
            return super.runPodSandbox(request);
        }
    }

    private void ensurePause() throws CriException, InterruptedException {
        try {
            pause.ensure();
        } catch (IOException e) {
            throw new CriException(CriException.Code.UNAVAILABLE, "RunPodSandbox: no pause image: " + e.getMessage());
        }
    }

    @Override
    public UpdateRuntimeConfigResponse updateRuntimeConfig(UpdateRuntimeConfigRequest request) throws CriException {
        String cidr = request.getRuntimeConfig().getNetworkConfig().getPodCidr();
        try {
            if (!cidr.isEmpty()) {
                network.podCidr(cidr);
            }
            return UpdateRuntimeConfigResponse.getDefaultInstance();
        } catch (IllegalArgumentException e) {
            throw new CriException(CriException.Code.INVALID_ARGUMENT, "UpdateRuntimeConfig: pod CIDR " + e.getMessage());
        } catch (IOException e) {
            throw new CriException(CriException.Code.INTERNAL, "UpdateRuntimeConfig: the CNI configuration cannot be written: " + e);
        }
    }
}
