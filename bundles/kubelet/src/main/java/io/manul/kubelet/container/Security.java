package io.manul.kubelet.container;

import io.manul.cri.v1.Capability;
import io.manul.cri.v1.Image;
import io.manul.cri.v1.Int64Value;
import io.manul.cri.v1.LinuxContainerSecurityContext;
import io.manul.cri.v1.NamespaceMode;
import io.manul.cri.v1.NamespaceOption;
import io.manul.cri.v1.SELinuxOption;
import io.manul.cri.v1.SecurityProfile;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code securityContext} of pods and containers as the runtime wants it (Kubernetes, "Configure a Security Context"). */
public final class Security {

    /** What OCI runtimes mask by default; the runtime masks nothing that is not named. */
    private static final List<String> MASKED = List.of("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys",
            "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final Path profiles;

    /** @param profiles where Localhost seccomp profiles are */
    public Security(Path profiles) {
        this.profiles = profiles;
    }

    public NamespaceOption namespaces(Pod pod) {
        Obj spec = pod.spec();
        return NamespaceOption.newBuilder().setNetwork(pod.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setIpc(spec.flag("hostIPC") ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(spec.flag("hostPID") ? NamespaceMode.NODE
                        : spec.flag("shareProcessNamespace") ? NamespaceMode.POD : NamespaceMode.CONTAINER).build();
    }

    public LinuxContainerSecurityContext of(Pod pod, Obj container, Image image) throws ConfigException {
        Obj own = container.at("securityContext");
        Obj shared = pod.spec().at("securityContext");
        LinuxContainerSecurityContext.Builder out = LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(namespaces(pod))
                .setReadonlyRootfs(own.flag("readOnlyRootFilesystem")).setPrivileged(own.flag("privileged"))
                .setSeccomp(seccomp(own, shared)).addAllSupplementalGroups(groups(shared));
        user(out, own, shared, pod, container.text("name"), image);
        appArmor(own, shared).ifPresent(out::setApparmor);
        if (own.flag("privileged")) {
            out.setSeccomp(SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Unconfined));
        } else {
            out.setNoNewPrivs(Boolean.FALSE.equals(own.get("allowPrivilegeEscalation")));
            if (!own.text("procMount").equals("Unmasked")) {
                out.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
            }
        }
        out.setCapabilities(Capability.newBuilder().addAllAddCapabilities(own.strings("capabilities", "add"))
                .addAllDropCapabilities(own.strings("capabilities", "drop")));
        Obj label = own.has("seLinuxOptions") ? own.at("seLinuxOptions") : shared.at("seLinuxOptions");
        if (!label.isEmpty()) {
            out.setSelinuxOptions(SELinuxOption.newBuilder().setUser(label.text("user")).setRole(label.text("role"))
                    .setType(label.text("type")).setLevel(label.text("level")));
        }
        return out.build();
    }

    /** fsGroup and supplementalGroups. */
    public static List<Long> groups(Obj shared) {
        List<Long> out = new java.util.ArrayList<>();
        shared.number("fsGroup").ifPresent(out::add);
        if (shared.get("supplementalGroups") instanceof List<?> l) {
            l.forEach(v -> {
                if (v instanceof Number n) {
                    out.add(n.longValue());
                }
            });
        }
        return out;
    }

    private static void user(LinuxContainerSecurityContext.Builder out, Obj own, Obj shared, Pod pod, String name, Image image)
            throws ConfigException {
        Optional<Long> user = number("runAsUser", own, shared);
        Optional<Long> group = number("runAsGroup", own, shared);
        if (user.isPresent()) {
            out.setRunAsUser(Int64Value.newBuilder().setValue(user.get()));
        } else if (image.hasUid()) {
            out.setRunAsUser(image.getUid());
        } else if (!image.getUsername().isEmpty()) {
            out.setRunAsUsername(image.getUsername());
        }
        group.ifPresent(g -> out.setRunAsGroup(Int64Value.newBuilder().setValue(g)));
        if (group.isPresent() && !out.hasRunAsUser() && out.getRunAsUsername().isEmpty()) {
            out.setRunAsUser(Int64Value.newBuilder().setValue(0)); // a group without a user is refused by the runtime
        }
        boolean nonRoot = own.has("runAsNonRoot") ? own.flag("runAsNonRoot") : shared.flag("runAsNonRoot");
        if (!nonRoot) {
            return;
        }
        String about = " (pod: \"" + pod.full() + "\", container: " + name + ")";
        if (user.isPresent() && user.get() == 0) {
            throw new ConfigException("container's runAsUser breaks non-root policy" + about);
        }
        if (user.isEmpty() && !image.getUsername().isEmpty()) {
            throw new ConfigException("container has runAsNonRoot and image has non-numeric user (" + image.getUsername()
                    + "), cannot verify user is non-root" + about);
        }
        if (user.isEmpty() && image.getUid().getValue() == 0) {
            throw new ConfigException("container has runAsNonRoot and image will run as root" + about);
        }
    }

    private static Optional<Long> number(String field, Obj own, Obj shared) {
        var n = own.number(field);
        var m = n.isPresent() ? n : shared.number(field);
        return m.isPresent() ? Optional.of(m.getAsLong()) : Optional.empty();
    }

    /** @return Unconfined where nobody says anything, as upstream without seccompDefault */
    public SecurityProfile seccomp(Obj own, Obj shared) throws ConfigException {
        return profile(own.has("seccompProfile") ? own.at("seccompProfile") : shared.at("seccompProfile"));
    }

    private SecurityProfile profile(Obj profile) throws ConfigException {
        return switch (profile.text("type")) {
            case "RuntimeDefault" -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.RuntimeDefault).build();
            case "Localhost" -> {
                Path file = profiles.resolve(profile.text("localhostProfile")).normalize();
                if (!file.startsWith(profiles)) {
                    throw new ConfigException("seccomp profile " + profile.text("localhostProfile") + " is not below " + profiles);
                }
                yield SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Localhost).setLocalhostRef(file.toString()).build();
            }
            default -> SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Unconfined).build();
        };
    }

    /** Nothing where nobody asked: the runtime then takes its default where the kernel has AppArmor. */
    private static Optional<SecurityProfile> appArmor(Obj own, Obj shared) {
        Obj profile = own.has("appArmorProfile") ? own.at("appArmorProfile") : shared.at("appArmorProfile");
        return switch (profile.text("type")) {
            case "RuntimeDefault" -> Optional.of(SecurityProfile.newBuilder()
                    .setProfileType(SecurityProfile.ProfileType.RuntimeDefault).build());
            case "Unconfined" -> Optional.of(SecurityProfile.newBuilder()
                    .setProfileType(SecurityProfile.ProfileType.Unconfined).build());
            case "Localhost" -> Optional.of(SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.Localhost)
                    .setLocalhostRef(profile.text("localhostProfile")).build());
            default -> Optional.empty();
        };
    }
}
