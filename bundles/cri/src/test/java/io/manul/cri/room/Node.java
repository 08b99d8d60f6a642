package io.manul.cri.room;

import com.google.protobuf.ByteString;
import io.manul.api.testing.TestSettings;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.ImageArchives;
import io.manul.cri.containerd.Machine;
import io.manul.cri.v1.ContainerConfig;
import io.manul.cri.v1.ContainerMetadata;
import io.manul.cri.v1.CreateContainerRequest;
import io.manul.cri.v1.ExecSyncRequest;
import io.manul.cri.v1.ExecSyncResponse;
import io.manul.cri.v1.ImageSpec;
import io.manul.cri.v1.LinuxContainerConfig;
import io.manul.cri.v1.LinuxContainerSecurityContext;
import io.manul.cri.v1.LinuxPodSandboxConfig;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.NamespaceMode;
import io.manul.cri.v1.NamespaceOption;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.PodSandboxConfig;
import io.manul.cri.v1.PodSandboxMetadata;
import io.manul.cri.v1.PortMapping;
import io.manul.cri.v1.RemovePodSandboxRequest;
import io.manul.cri.v1.RunPodSandboxRequest;
import io.manul.cri.v1.StartContainerRequest;
import io.manul.cri.v1.StopPodSandboxRequest;
import io.manul.images.BusyboxImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A data directory with a containerd of its own on this machine; leaves nothing behind. */
final class Node implements AutoCloseable {

    static final String IMAGE = BusyboxImage.NAME;

    final Path data;
    final TestSettings settings;
    final Machine machine;
    private final String bridge = "cnt" + ProcessHandle.current().pid() % 100_000;

    Node(String path) throws IOException {
        data = Files.createTempDirectory("manul-cri");
        settings = new TestSettings("test", data, Map.of("cni-bridge", bridge, "cluster-cidr", "10.203.0.0/16"));
        machine = new Machine(path);
    }

    static boolean usable() throws IOException {
        Machine here = new Machine("");
        return Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward")) && Files.isWritable(Path.of("/root"))
                && Stream.of("containerd", "runc").allMatch(p -> {
                    try {
                        here.need(p, p);
                        return true;
                    } catch (IllegalStateException e) {
                        return false;
                    }
                });
    }

    CriRoom room() {
        return new CriRoom(settings, machine);
    }

    static ContainerRuntime runtime(CriRoom room) {
        return (ContainerRuntime) room.offers().get(ContainerRuntime.class);
    }

    long pid() throws IOException {
        return Long.parseLong(Files.readString(data.resolve("run/containerd/containerd.pid")).strip());
    }

    static ImageArchives archives(CriRoom room) {
        return (ImageArchives) room.offers().get(ImageArchives.class);
    }

    Path images() throws IOException {
        return Files.createDirectories(data.resolve("agent/images"));
    }

    /** @param network POD or NODE; @param pid CONTAINER, POD (shared) or NODE */
    PodSandboxConfig pod(String name, NamespaceMode network, NamespaceMode pid, int... hostPorts) {
        PodSandboxConfig.Builder pod = PodSandboxConfig.newBuilder();
        for (int port : hostPorts) {
            pod.addPortMappings(PortMapping.newBuilder().setContainerPort(80).setHostPort(port));
        }
        return pod
                .setMetadata(PodSandboxMetadata.newBuilder().setName(name).setNamespace("test").setUid("uid-" + name))
                .setHostname(name).setLogDirectory(data.resolve("logs").toString())
                .setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent("/manul-test/" + name)
                        .setSecurityContext(io.manul.cri.v1.LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(
                                NamespaceOption.newBuilder().setNetwork(network).setPid(pid)))).build();
    }

    static String start(ContainerRuntime runtime, String sandbox, PodSandboxConfig pod, String... command) throws Exception {
        ContainerConfig config = ContainerConfig.newBuilder().setMetadata(ContainerMetadata.newBuilder().setName("main"))
                .setImage(ImageSpec.newBuilder().setImage(IMAGE)).addAllCommand(List.of(command)).setLogPath("main/0.log")
                .addEnvs(io.manul.cri.v1.KeyValue.newBuilder().setKey("PLACE").setValue(ByteString.copyFromUtf8("plant")))
                .setLinux(LinuxContainerConfig.newBuilder().setSecurityContext(LinuxContainerSecurityContext.newBuilder()
                        .addMaskedPaths("/proc/timer_list").addReadonlyPaths("/proc/sys")
                        .setNamespaceOptions(pod.getLinux().getSecurityContext().getNamespaceOptions()))).build();
        String id = runtime.createContainer(CreateContainerRequest.newBuilder().setPodSandboxId(sandbox).setConfig(config)
                .setSandboxConfig(pod).build()).getContainerId();
        runtime.startContainer(StartContainerRequest.newBuilder().setContainerId(id).build());
        return id;
    }

    static String sandbox(ContainerRuntime runtime, PodSandboxConfig pod) throws Exception {
        return runtime.runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(pod).build()).getPodSandboxId();
    }

    static ExecSyncResponse exec(ContainerRuntime runtime, String container, String... command) throws Exception {
        return runtime.execSync(ExecSyncRequest.newBuilder().setContainerId(container).addAllCmd(List.of(command)).setTimeout(10).build());
    }

    static <T> T eventually(Callable<T> probe, String what) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        for (;;) {
            T value = probe.call();
            if (value != null && !Boolean.FALSE.equals(value)) {
                return value;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within 30 s: " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Removes pods, containerd, shims, mounts, the bridge, cgroups and the folder. */
    @Override
    public void close() throws Exception {
        if (Files.exists(data.resolve("run/containerd/containerd.pid"))) {
            CriRoom room = room();
            room.begin(new byte[0]);
            ContainerRuntime runtime = runtime(room);
            for (PodSandbox pod : runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()) {
                runtime.stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(pod.getId()).build());
                runtime.removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod.getId()).build());
            }
            room.end();
            room.deactivate();
            end(pid());
        }
        for (ProcessHandle left : ProcessHandle.allProcesses().filter(this::ours).toList()) {
            end(left.pid());
        }
        for (String mount : Files.readAllLines(Path.of("/proc/mounts")).reversed()) {
            String target = mount.split(" ")[1];
            if (target.startsWith(data.toString())) {
                new ProcessBuilder("umount", "-l", target).inheritIO().start().waitFor();
            }
        }
        if (Files.exists(Path.of("/sys/class/net", bridge))) {
            new ProcessBuilder("ip", "link", "delete", bridge).inheritIO().start().waitFor();
        }
        delete(data);
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                removeGroups(hierarchy.resolve("manul-test"));
            }
        }
    }

    private boolean ours(ProcessHandle process) {
        try {
            return process.pid() != ProcessHandle.current().pid() && Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1).contains(data.toString());
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    private static void end(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process != null) {
            process.destroyForcibly();
            eventually(() -> !process.isAlive(), "end of process " + pid);
        }
    }

    private static void removeGroups(Path group) throws IOException {
        if (Files.isDirectory(group)) {
            try (Stream<Path> below = Files.walk(group)) {
                for (Path folder : below.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
                    if (!folder.toFile().delete()) {
                        throw new IOException("cgroup stays: " + folder);
                    }
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
