package io.manul.api.network;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Asked by the kubelet, through the gate of the room {@code network-policy}, once a sandbox has its addresses and before any
 * of its containers is created, so that a policy is in force before the pod's first packet (Kubernetes, "Network Policies",
 * pod lifecycle). A node without that room starts containers at once. Safe from any thread.
 */
@ConsumerType
public interface PodNetworkGuard {

    /** One sandbox with a network of its own. @param addresses what CNI gave it */
    record Sandbox(String namespace, String name, String uid, List<InetAddress> addresses) {
        public Sandbox {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Returns once the rules for this pod are in the kernel.
     *
     * @throws Exception when they are not within the limit: the containers are not started, the kubelet tries again
     */
    void guard(Sandbox sandbox, Duration limit) throws Exception;
}
