package io.manul.kubelet.container;

import io.manul.cri.v1.Int64Value;
import io.manul.cri.v1.LinuxPodSandboxConfig;
import io.manul.cri.v1.LinuxSandboxSecurityContext;
import io.manul.cri.v1.PodSandboxConfig;
import io.manul.cri.v1.PodSandboxMetadata;
import io.manul.cri.v1.PortMapping;
import io.manul.cri.v1.Protocol;
import io.manul.cri.v1.SecurityProfile;
import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Labels;
import java.util.List;

/** The sandbox of a pod as the runtime wants it. */
public final class SandboxConfigs {

    private final Places places;
    private final Dns dns;
    private final Security security;
    private final HostResolver host;

    public SandboxConfigs(Places places, Dns dns, Security security, HostResolver host) {
        this.places = places;
        this.dns = dns;
        this.security = security;
        this.host = host;
    }

    /** What of the name servers and search paths is left out. */
    public List<String> dnsOmitted(Pod pod) {
        return dns.omitted(pod, host.lines());
    }

    /** @param attempt how many sandboxes the pod had before */
    public PodSandboxConfig of(Pod pod, int attempt) {
        PodSandboxConfig.Builder out = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder().setName(pod.name()).setNamespace(pod.namespace()).setUid(pod.uid())
                        .setAttempt(attempt))
                .setHostname(pod.hostNetwork() ? "" : HostsFile.hostname(pod))
                .setLogDirectory(places.logs(pod.namespace(), pod.name(), pod.uid()).toString())
                .setDnsConfig(dns.of(pod, host.lines()))
                .putAllLabels(pod.object().labels())
                .putLabels(Labels.POD_NAME, pod.name()).putLabels(Labels.POD_NAMESPACE, pod.namespace())
                .putLabels(Labels.POD_UID, pod.uid())
                .putAnnotations(Labels.GRACE, Long.toString(pod.spec().number("terminationGracePeriodSeconds").orElse(30)));
        if (!pod.hostNetwork()) {
            pod.allContainers().forEach(c -> c.objects("ports").forEach(p -> port(out, p)));
        }
        return out.setLinux(linux(pod)).build();
    }

    private static void port(PodSandboxConfig.Builder out, Obj port) {
        long host = port.number("hostPort").orElse(0);
        if (host != 0) {
            out.addPortMappings(PortMapping.newBuilder().setHostPort((int) host).setHostIp(port.text("hostIP"))
                    .setContainerPort((int) port.number("containerPort").orElse(0))
                    .setProtocol(switch (port.text("protocol")) {
                        case "UDP" -> Protocol.UDP;
                        case "SCTP" -> Protocol.SCTP;
                        default -> Protocol.TCP;
                    }));
        }
    }

    private LinuxPodSandboxConfig linux(Pod pod) {
        Obj shared = pod.spec().at("securityContext");
        LinuxSandboxSecurityContext.Builder context = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(security.namespaces(pod)).addAllSupplementalGroups(Security.groups(shared))
                .setPrivileged(pod.allContainers().stream().anyMatch(c -> c.flag("securityContext", "privileged")))
                .setSeccomp(SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.RuntimeDefault));
        shared.number("runAsUser").ifPresent(u -> {
            context.setRunAsUser(Int64Value.newBuilder().setValue(u));
            shared.number("runAsGroup").ifPresent(g -> context.setRunAsGroup(Int64Value.newBuilder().setValue(g)));
        });
        LinuxPodSandboxConfig.Builder out = LinuxPodSandboxConfig.newBuilder().setSecurityContext(context)
                .setCgroupParent(places.cgroup(pod.qos(), pod.uid()));
        shared.objects("sysctls").forEach(s -> out.putSysctls(s.text("name"), s.text("value")));
        return out.build();
    }
}
