package io.manul.kubelet.pod;

import io.manul.api.gate.Gate;
import io.manul.api.network.PodNetworkGuard;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Sandbox;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks the room that enforces network policies before containers of a sandbox start. Safe from any thread. */
public final class NetworkGuard {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Gate<PodNetworkGuard> gate;

    public NetworkGuard(Gate<PodNetworkGuard> gate) {
        this.gate = gate;
    }

    /** Returns once the rules for the pod are in force; at once on the host's network, and where no room enforces any. */
    void guard(Pod pod, Sandbox sandbox) throws Exception {
        List<InetAddress> addresses = sandbox.ips().stream().map(InetAddress::ofLiteral).toList();
        if (sandbox.hostNetwork() || addresses.isEmpty()) {
            return;
        }
        PodNetworkGuard.Sandbox asked = new PodNetworkGuard.Sandbox(pod.namespace(), pod.name(), pod.uid(), addresses);
        for (Optional<Gate.Slot<PodNetworkGuard>> open = gate.current(); open.isPresent(); open = gate.current()) {
            try (Gate.Slot<PodNetworkGuard> slot = gate.enter()) {
                slot.service().guard(asked, LIMIT);
                slot.count(true);
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (!open.get().retired()) {
                    throw e;
                } // replaced meanwhile: the next version is asked
            }
        }
    }
}
