package io.manul.kubelet.pod;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.util.Optional;
import java.util.Set;

/** Only kernel parameters that harm no other pod are set (Kubernetes, "Using sysctls in a Kubernetes Cluster", "Safe sysctls"). Pure. */
final class Sysctls {

    private static final Set<String> IPC = Set.of("kernel.shm_rmid_forced");
    private static final Set<String> NET = Set.of("net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem");

    private Sysctls() {
    }

    /** Why the pod may not have one of those it asks for, in upstream's words. */
    static Optional<String> forbidden(Pod pod) {
        for (Obj s : pod.spec().objects("securityContext", "sysctls")) {
            String name = s.text("name").replace('/', '.');
            String why = !IPC.contains(name) && !NET.contains(name) ? "not allowlisted"
                    : IPC.contains(name) && pod.spec().flag("hostIPC") ? "not allowed with host ipc enabled"
                    : NET.contains(name) && pod.hostNetwork() ? "not allowed with host net enabled" : "";
            if (!why.isEmpty()) {
                return Optional.of("forbidden sysctl: \"" + name + "\" " + why);
            }
        }
        return Optional.empty();
    }
}
