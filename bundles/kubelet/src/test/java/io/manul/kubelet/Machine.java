package io.manul.kubelet;

import io.manul.api.settings.Settings;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.ImageArchives;
import io.manul.cri.room.CriRoom;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.RemovePodSandboxRequest;
import io.manul.cri.v1.StopPodSandboxRequest;
import io.manul.images.BusyboxImage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A data directory with a containerd of its own on this machine; leaves nothing behind. */
final class Machine implements AutoCloseable {

    final Path data = Files.createTempDirectory("manul-kubelet");
    final Settings settings = settings();
    /** {@code -Dcontainerd.path=FOLDER} takes another containerd. */
    final CriRoom cri = new CriRoom(settings, new io.manul.cri.containerd.Machine(System.getProperty("containerd.path", "")));
    private final String bridge = "kbt" + ProcessHandle.current().pid() % 100_000;

    Machine() throws IOException {
    }

    /** As root, with containerd and runc on the path. */
    static boolean usable() {
        return Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward")) && Stream.of("containerd", "runc").allMatch(p ->
                Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin").anyMatch(d -> Files.isExecutable(Path.of(d, p))));
    }

    private Settings settings() {
        Map<String, Object> answers = Map.ofEntries(Map.entry("dataDir", data), Map.entry("runDir", data.resolve("run")),
                Map.entry("bindAddress", "127.0.0.1"), Map.entry("kubeletPort", 10250), Map.entry("nodeIp", "127.0.0.1"),
                Map.entry("nodeName", "test"), Map.entry("nodeLabels", Map.of("plant", "a")), Map.entry("nodeTaints", List.of()),
                Map.entry("clusterCidr", "10.204.0.0/16"), Map.entry("serviceCidr", "10.205.0.0/16"),
                Map.entry("clusterDns", "10.205.0.10"), Map.entry("clusterDomain", "cluster.local"),
                Map.entry("containerRuntimeEndpoint", Optional.empty()), Map.entry("debug", false), Map.entry("version", "0.1.0"));
        return (Settings) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Settings.class}, (p, m, a) -> {
            if (m.getName().equals("other")) {
                return a[0].equals("cni-bridge") ? Optional.of(bridge()) : Optional.empty();
            }
            Object answer = answers.get(m.getName());
            if (answer == null) {
                throw new UnsupportedOperationException(m.getName());
            }
            return answer;
        });
    }

    private String bridge() {
        return bridge;
    }

    ContainerRuntime runtime() {
        return (ContainerRuntime) cri.offers().get(ContainerRuntime.class);
    }

    void begin() throws Exception {
        cri.begin(new byte[0]);
        runtime().version(io.manul.cri.v1.VersionRequest.getDefaultInstance()); // waits until it answers
        Path archive = data.resolve("busybox.tar");
        BusyboxImage.write(archive, Path.of("/bin/busybox"));
        ((ImageArchives) cri.offers().get(ImageArchives.class)).importArchive(archive);
    }

    static <T> T eventually(Callable<T> probe, Callable<String> what) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        for (;;) {
            T value = probe.call();
            if (value != null && !Boolean.FALSE.equals(value)) {
                return value;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within 30 s: " + what.call());
            }
            Thread.sleep(20);
        }
    }

    List<PodSandbox> sandboxes() throws Exception {
        return runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList();
    }

    /** Removes pods, containerd, shims, mounts, the bridge and the folder. */
    @Override
    public void close() throws Exception {
        for (PodSandbox pod : sandboxes()) {
            runtime().stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(pod.getId()).build());
            runtime().removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod.getId()).build());
        }
        long pid = Long.parseLong(Files.readString(data.resolve("run/containerd/containerd.pid")).strip());
        cri.end();
        java.lang.reflect.Method deactivate = CriRoom.class.getDeclaredMethod("deactivate");
        deactivate.setAccessible(true); // the framework's to call
        deactivate.invoke(cri);
        end(pid);
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
        new io.manul.kubelet.cgroup.Cgroups(Path.of("/sys/fs/cgroup")).remove(Places.of(settings).cgroup());
        try (Stream<Path> below = Files.walk(data)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
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
            eventually(() -> !process.isAlive(), () -> "end of process " + pid);
        }
    }
}
