package io.manul.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Whether the kernel's control groups are there that containers are limited by (cgroups(7), version 1 or 2). */
final class Cgroups {

    private static final List<String> NEEDED = List.of("cpu", "memory", "pids");

    private Cgroups() {
    }

    /** @param mounted where they are mounted, {@code /sys/fs/cgroup} */
    static void check(Path mounted) throws UsageException, IOException {
        Path unified = mounted.resolve("cgroup.controllers");
        boolean two = Files.exists(unified);
        Set<String> on = two ? Set.of(Files.readString(unified).strip().split("\\s+")) : Set.of();
        List<String> missing = NEEDED.stream().filter(c -> two ? !on.contains(c) : !Files.exists(mounted.resolve(c).resolve("cgroup.procs"))).toList();
        if (!two && missing.equals(NEEDED)) {
            throw new UsageException("no control groups are mounted at " + mounted + ", and containers need them. An init system mounts them; "
                    + "`ip netns exec` hides them: use `nsenter --net=/run/netns/NAME`");
        }
        if (!missing.isEmpty()) {
            throw new UsageException("the kernel's control groups lack " + String.join(", ", missing) + " (looked at " + mounted + ")"
                    + (missing.contains("memory") ? ": add cgroup_memory=1 cgroup_enable=memory to the kernel's command line"
                    + " (on a Raspberry Pi /boot/firmware/cmdline.txt) and restart" : ""));
        }
    }
}
