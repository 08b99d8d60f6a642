package io.manul.kubelet.pod;

import io.manul.api.gate.Gate;
import io.manul.api.network.PodNetworkGuard;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Sandbox;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the room that enforces network policies before containers of a sandbox start. Safe from any thread. */
public final class NetworkGuard {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(NetworkGuard.class);

    private final Gate<PodNetworkGuard> gate;
    private final Policies policies;
    private final boolean wanted;

    /** @param cluster may list NetworkPolicies @param wanted not {@code --disable-network-policy} */
    public NetworkGuard(Gate<PodNetworkGuard> gate, Cluster cluster, boolean wanted) {
        this(gate, namespace -> policies(cluster, namespace), wanted);
    }

    NetworkGuard(Gate<PodNetworkGuard> gate, Policies policies, boolean wanted) {
        this.gate = gate;
        this.policies = policies;
        this.wanted = wanted;
    }

    /** Whether a namespace has any. */
    interface Policies {
        boolean any(String namespace) throws InterruptedException;
    }

    /** Returns once the rules for the pod are in force; at once on the host's network, and where there are none to enforce. */
    void guard(Pod pod, Sandbox sandbox) throws Exception {
        List<InetAddress> addresses = sandbox.ips().stream().map(InetAddress::ofLiteral).toList();
        if (!wanted || sandbox.hostNetwork() || addresses.isEmpty()) {
            return;
        }
        if (gate.current().isEmpty() && policies.any(pod.namespace())) {
            gate.enter().close(); // the room rests, and wakes for these
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

    /** While the API is away a room that rests has nothing to enforce. */
    private static boolean policies(Cluster cluster, String namespace) throws InterruptedException {
        try {
            return !cluster.list(Resources.NETWORK_POLICIES, Selection.in(namespace)).items().isEmpty();
        } catch (ClusterException e) {
            LOG.warn("It is not known whether there are network policies; containers start namespace={} why={}", namespace, e.getMessage());
            return false;
        }
    }
}
