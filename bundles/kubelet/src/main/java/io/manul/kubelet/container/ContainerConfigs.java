package io.manul.kubelet.container;

import com.google.protobuf.ByteString;
import io.manul.cri.v1.ContainerConfig;
import io.manul.cri.v1.ContainerMetadata;
import io.manul.cri.v1.Image;
import io.manul.cri.v1.ImageSpec;
import io.manul.cri.v1.KeyValue;
import io.manul.cri.v1.LinuxContainerConfig;
import io.manul.cri.v1.Mount;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Labels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** A container of a pod as the runtime wants it. */
public final class ContainerConfigs {

    public static final String MESSAGE_PATH = "/dev/termination-log";

    private final Security security;
    private final boolean unified;
    private final long memoryCapacity;

    /** @param unified cgroup v2 */
    public ContainerConfigs(Security security, boolean unified, long memoryCapacity) {
        this.security = security;
        this.unified = unified;
        this.memoryCapacity = memoryCapacity;
    }

    public ContainerConfig of(Pod pod, Obj container, int restarts, Image image, Map<String, String> environment, List<Mount> mounts)
            throws ConfigException {
        String name = container.text("name");
        ContainerConfig.Builder out = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name).setAttempt(restarts))
                .setImage(ImageSpec.newBuilder().setImage(image.getId()).setUserSpecifiedImage(container.text("image")))
                .setWorkingDir(container.text("workingDir")).setLogPath(name + "/" + restarts + ".log")
                .setStdin(container.flag("stdin")).setStdinOnce(container.flag("stdinOnce")).setTty(container.flag("tty"))
                .addAllMounts(mounts)
                .putLabels(Labels.POD_NAME, pod.name()).putLabels(Labels.POD_NAMESPACE, pod.namespace())
                .putLabels(Labels.POD_UID, pod.uid()).putLabels(Labels.CONTAINER, name)
                .putAnnotations(Labels.HASH, hash(container)).putAnnotations(Labels.RESTARTS, Integer.toString(restarts))
                .putAnnotations(Labels.MESSAGE_PATH, messagePath(container))
                .putAnnotations(Labels.MESSAGE_POLICY, container.string("terminationMessagePolicy").orElse("File"))
                .putAnnotations(Labels.GRACE, Long.toString(pod.spec().number("terminationGracePeriodSeconds").orElse(30)));
        container.strings("command").forEach(c -> out.addCommand(Expansion.expand(c, environment)));
        container.strings("args").forEach(a -> out.addArgs(Expansion.expand(a, environment)));
        environment.forEach((k, v) -> out.addEnvs(KeyValue.newBuilder().setKey(k).setValue(ByteString.copyFromUtf8(v))));
        return out.setLinux(LinuxContainerConfig.newBuilder().setResources(Limits.of(pod, container, unified, memoryCapacity))
                .setSecurityContext(security.of(pod, container, image))).build();
    }

    public static String messagePath(Obj container) {
        return container.string("terminationMessagePath").filter(p -> !p.isEmpty()).orElse(MESSAGE_PATH);
    }

    /** Of what of a container may change while its pod lives, and then asks for another start: the image. */
    public static String hash(Obj container) {
        CRC32 crc = new CRC32();
        crc.update((container.text("name") + "\0" + container.text("image")).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
