package io.manul.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Mounts below the kubelet's root, in this process' mount namespace, which is containerd's. Safe from any thread. */
public final class Mounts {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private final Kernel kernel;

    public Mounts(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Shares what is mounted below {@code root}, as mount propagation into pods needs; a mount of its own where it has to be. */
    public void share(Path root) throws IOException {
        Files.createDirectories(root);
        Path real = root.toRealPath();
        Files.setAttribute(real, "unix:mode", 0750); // Secrets of pods are below: for root only
        if (shared(real)) {
            return; // as systemd has it; a mount of its own would be a peer of that one and have everything twice
        }
        if (!points(real).contains(real)) {
            kernel.bind(real.toString(), real);
        }
        kernel.mount("none", real, "", Kernel.MS_SHARED | Kernel.MS_REC, "");
    }

    public boolean mounted(Path path) throws IOException {
        return points(path).contains(path);
    }

    /** A file system in memory at that folder, which is made; nothing where there is one already. @param bytes 0: half of memory */
    public void memory(Path folder, long bytes) throws IOException {
        Files.createDirectories(folder);
        if (!mounted(folder)) {
            kernel.mount("tmpfs", folder, "tmpfs", Kernel.MS_NOSUID_NODEV, bytes > 0 ? "size=" + bytes : "");
        }
    }

    /** What {@code path} names below {@code volume}, and cannot be led outside of it, as a mount at {@code target}. */
    public void below(Path volume, String path, Path target) throws IOException {
        unmountAll(target);
        int descriptor;
        try {
            descriptor = kernel.openBelow(volume, path);
        } catch (Kernel.Refused e) {
            if (e.errno() != Kernel.ENOENT) {
                throw e;
            }
            kernel.makeBelow(volume, Path.of(path));
            descriptor = kernel.openBelow(volume, path);
        }
        try {
            Path source = Path.of("/proc/self/fd", Integer.toString(descriptor));
            Files.createDirectories(target.getParent());
            if (Files.isDirectory(source)) {
                Files.createDirectories(target);
            } else if (!Files.exists(target)) {
                Files.createFile(target);
            }
            kernel.bind(source.toString(), target);
        } finally {
            kernel.close(descriptor);
        }
    }

    /** Unmounts everything at and below a path, deepest first. */
    public void unmountAll(Path path) throws IOException {
        for (Path point : points(path).reversed()) {
            try {
                kernel.unmount(point);
            } catch (Kernel.Refused e) {
                if (e.errno() != Kernel.EINVAL || mounted(point)) {
                    throw e;
                } // it went with its peer (Linux, "Shared Subtrees", umount)
            }
        }
    }

    /** True when something at or below the path is a mount. */
    boolean any(Path path) throws IOException {
        return !points(path).isEmpty();
    }

    /** Mount points at and below a path, in the order in which they were mounted. */
    private static List<Path> points(Path path) throws IOException {
        try (Stream<String> lines = Files.lines(MOUNTS)) {
            return lines.map(l -> Path.of(unescape(l.split(" ", 6)[4]))).filter(p -> p.startsWith(path)).toList();
        }
    }

    /** Whether the mount that holds the path is shared: proc(5), optional fields of mountinfo. */
    private static boolean shared(Path path) throws IOException {
        int deepest = -1;
        boolean shared = false;
        for (String line : Files.readAllLines(MOUNTS)) {
            String[] fields = line.split(" ");
            Path point = Path.of(unescape(fields[4]));
            if (path.startsWith(point) && point.getNameCount() >= deepest) { // of two at one place the later one is seen
                deepest = point.getNameCount();
                shared = line.substring(0, line.indexOf(" - ")).contains(" shared:");
            }
        }
        return shared;
    }

    /** proc(5): blanks in paths are octal escapes. */
    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        return text.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }
}
