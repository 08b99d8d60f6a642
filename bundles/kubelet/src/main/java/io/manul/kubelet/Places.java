package io.manul.kubelet;

import io.manul.api.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Where the kubelet keeps its things. @param root volumes and files of pods @param logs container logs @param cgroup of all pods */
public record Places(Path root, Path logs, String cgroup) {

    private static final Path USUAL = Path.of("/var/lib/manul");

    /** With a data directory of one's own everything is below it, so that several nodes run on one machine. */
    public static Places of(Settings settings) throws IOException {
        // real: what is compared with the kernel's list of mounts must not pass a link
        Path data = Files.createDirectories(settings.dataDir().toAbsolutePath().normalize()).toRealPath();
        boolean usual = data.equals(USUAL);
        CRC32 crc = new CRC32();
        crc.update(data.toString().getBytes(StandardCharsets.UTF_8));
        String cgroup = settings.other("cgroup-root").orElse("") + (usual ? "/kubepods"
                : "/kubepods-" + Long.toHexString(crc.getValue()));
        return new Places(data.resolve("agent/kubelet"), usual ? Path.of("/var/log/pods") : data.resolve("log/pods"), cgroup);
    }

    public Path pods() {
        return root.resolve("pods");
    }

    public Path pod(String uid) {
        return pods().resolve(uid);
    }

    /** Folder of a pod's logs. */
    public Path logs(String namespace, String name, String uid) {
        return logs.resolve(namespace + "_" + name + "_" + uid);
    }

    public Path seccomp() {
        return root.resolve("seccomp");
    }

    public String cgroup(String qos, String uid) {
        return switch (qos) {
            case "Guaranteed" -> cgroup + "/pod" + uid;
            case "Burstable" -> cgroup + "/burstable/pod" + uid;
            default -> cgroup + "/besteffort/pod" + uid;
        };
    }
}
