package io.manul.kubelet.cgroup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Control groups of pods under {@code /sys/fs/cgroup}: every hierarchy of v1, or the one of v2. Safe from any thread. */
public final class Cgroups {

    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final int TRIES = 20;
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private final Path root;

    /** @param root {@code /sys/fs/cgroup}, or a test's folder */
    public Cgroups(Path root) {
        this.root = root;
    }

    public boolean unified() {
        return Files.exists(root.resolve("cgroup.controllers"));
    }

    private List<Path> hierarchies() throws IOException {
        if (unified()) {
            return List.of(root);
        }
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(p -> Files.isDirectory(p) && !Files.isSymbolicLink(p)).toList();
        }
    }

    /** Where a pod's group is in one v1 hierarchy, or in v2's. */
    public Path folder(String controller, String group) {
        String relative = group.startsWith("/") ? group.substring(1) : group;
        return unified() ? root.resolve(relative) : root.resolve(controller).resolve(relative);
    }

    /**
     * Makes the pod's group with its limits, before the runtime puts containers below it. What the kernel refuses is logged:
     * the containers' own limits hold all the same.
     */
    public void create(String group, PodLimits limits) {
        weigh(group, limits.shares());
        if (unified()) {
            write(folder("", group), "memory.max", limits.memory());
            write(folder("", group), "memory.swap.max", "0"); // no swap for pods
            write(folder("", group), "cpu.max", limits.quota(), " 100000");
            return;
        }
        write(folder("memory", group), "memory.limit_in_bytes", limits.memory());
        if (limits.quota() > 0) {
            write(folder("cpu", group), "cpu.cfs_period_us", 100_000);
            write(folder("cpu", group), "cpu.cfs_quota_us", limits.quota());
        }
    }

    /**
     * Gives the groups above the pods their shares: without them BestEffort pods together would weigh as much as any other group.
     *
     * @param top the group of all pods @param shares counted under a lock, so that the last word is the newest
     */
    public synchronized void weigh(String top, Supplier<ClassShares> shares) {
        ClassShares now = shares.get();
        weigh(top, now.all());
        weigh(top + "/burstable", now.burstable());
        weigh(top + "/besteffort", now.bestEffort());
    }

    /** What the group gets of the processor beside its neighbours, when there is not enough. @param shares as version 1 counts them */
    private void weigh(String group, long shares) {
        if (unified()) {
            delegate(folder("", group));
            write(folder("", group), "cpu.weight", weight(shares));
        } else {
            write(folder("cpu", group), "cpu.shares", shares);
        }
    }

    /** From 2..262144 to 1..10000, as the kubelet does at pod level (KEP-2254, "Convert from cgroups v1 settings to v2"). */
    static long weight(long shares) {
        return shares <= 0 ? 0 : 1 + (shares - 2) * 9999 / 262_142;
    }

    /** Version 2: a group has the controllers that every group above hands down. */
    private void delegate(Path folder) {
        List<Path> above = new ArrayList<>();
        for (Path p = folder.getParent(); p.startsWith(root); p = p.getParent()) {
            above.addFirst(p);
        }
        for (Path p : above) {
            try {
                Files.createDirectories(p);
                Files.writeString(p.resolve("cgroup.subtree_control"), "+cpu +memory +pids");
            } catch (IOException e) {
                LOG.debug("Controllers not handed down group={} why={}", p, e.toString());
            }
        }
    }

    private void write(Path folder, String file, long value) {
        write(folder, file, value, "");
    }

    private void write(Path folder, String file, long value, String more) {
        if (value > 0) {
            write(folder, file, value + more);
        }
    }

    private static void write(Path folder, String file, String value) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(file), value);
        } catch (IOException e) {
            LOG.debug("Pod-level limit not set file={} value={} why={}", folder.resolve(file), value, e.toString());
        }
    }

    /** Removes a pod's groups; the runtime leaves them behind. @return false when something still runs in them */
    public boolean remove(String group) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            boolean gone = true;
            for (Path hierarchy : hierarchies()) {
                gone &= removeTree(hierarchy.resolve(group.substring(1)));
            }
            if (gone) {
                return true;
            }
            Thread.sleep(BETWEEN); // the kernel empties a group a moment after its last process has ended
        }
        return false;
    }

    private static boolean removeTree(Path top) throws IOException {
        if (!Files.isDirectory(top)) {
            return true;
        }
        List<Path> folders = new ArrayList<>();
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) {
                folders.add(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        boolean all = true;
        for (Path folder : folders.reversed()) {
            all &= folder.toFile().delete() || !Files.exists(folder);
        }
        return all;
    }
}
