package io.manul.cri.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this machine has and lacks, read from /proc and from the folders of programs. */
public final class Machine {

    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
    private static final int CAP_SYS_RESOURCE = 24;

    private final List<Path> programs;

    /** @param path folders of programs, separated by colons, looked through before the usual ones */
    public Machine(String path) {
        List<Path> folders = new ArrayList<>();
        for (String folder : (path + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").split(":")) {
            if (!folder.isBlank() && !folders.contains(Path.of(folder))) {
                folders.add(Path.of(folder));
            }
        }
        programs = List.copyOf(folders);
    }

    Optional<Path> program(String name) {
        return programs.stream().map(folder -> folder.resolve(name)).filter(Files::isExecutable).findFirst();
    }

    /** @throws IllegalStateException that says what to install */
    public Path need(String name, String debianPackage) {
        return program(name).orElseThrow(() -> new IllegalStateException(name + " not found in " + path()
                + ". Install it (Debian: apt-get install " + debianPackage
                + "), or name the CRI socket of a runtime that runs already by --container-runtime-endpoint"));
    }

    String path() {
        return String.join(":", programs.stream().map(Path::toString).toList());
    }

    /** Folder of the CNI plugins. */
    Path cniPlugins() {
        return Stream.of("/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni").map(Path::of)
                .filter(folder -> Files.isExecutable(folder.resolve("bridge"))).findFirst()
                .orElseThrow(() -> new IllegalStateException("CNI plugins (bridge, host-local, portmap) are neither in /usr/lib/cni"
                        + " nor in /opt/cni/bin. Install them (Debian: apt-get install containernetworking-plugins)"));
    }

    boolean root() throws IOException {
        return status("Uid:").map(ids -> ids.split("\\s+")[1].equals("0")).orElse(false);
    }

    /** Without it no process here may lower its oom_score_adj, and each RunPodSandbox would fail. */
    boolean maySetOomScore() throws IOException {
        return status("CapEff:").map(mask -> (Long.parseUnsignedLong(mask, 16) >> CAP_SYS_RESOURCE & 1) == 1).orElse(false);
    }

    private static Optional<String> status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip()).findFirst();
    }

    /** Loads a kernel module that is not there yet. Kernels have it built in, or not at all: then what needs it says so. */
    public void load(String module, Path there) throws InterruptedException {
        Optional<Path> modprobe = program("modprobe");
        if (Files.exists(there) || modprobe.isEmpty()) {
            return;
        }
        try {
            Commands.run(Duration.ofSeconds(5), List.of(modprobe.get().toString(), "-q", module));
        } catch (IOException e) {
            LOG.debug("Kernel module not loaded module={} why={}", module, e.getMessage());
        }
    }

    /** {@code overlayfs}, or {@code native} (copies) where the kernel or the disk below cannot. */
    String snapshotter(Path root) throws IOException {
        boolean kernel = Files.readAllLines(Path.of("/proc/filesystems")).stream().anyMatch(l -> l.endsWith("\toverlay"));
        boolean below = !Arrays.asList("overlay", "overlayfs").contains(Files.getFileStore(root).type());
        if (kernel && below) {
            return "overlayfs";
        }
        LOG.warn("No overlay file system here: images are copied for each container, which takes time and disk folder={} why={}", root,
                kernel ? "the folder lies on an overlay itself; move --data-dir to a disk" : "the kernel has no module overlay");
        return "native";
    }
}
