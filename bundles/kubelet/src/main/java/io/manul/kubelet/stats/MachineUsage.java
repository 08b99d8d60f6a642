package io.manul.kubelet.stats;

import io.manul.kubelet.cgroup.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The whole machine by {@code /proc/stat} and {@code /proc/meminfo} (proc(5)). Bytes and nanoseconds. */
record MachineUsage(long cpu, long user, long system, long total, long free, long inactiveFile, long anonymous, long cached) {

    private static final long TICK_NANOS = 10_000_000;
    private static final int KILO = 1024;

    static MachineUsage of(Path proc) {
        long[] ticks = new long[8];
        String[] fields = text(proc.resolve("stat")).lines().findFirst().orElse("").split("\\s+");
        for (int i = 1; i < fields.length && i <= ticks.length; i++) {
            ticks[i - 1] = fields[i].matches("[0-9]{1,18}") ? Long.parseLong(fields[i]) : 0;
        }
        Map<String, Long> memory = new HashMap<>();
        text(proc.resolve("meminfo")).lines().forEach(l -> {
            String[] f = l.split("[:\\s]+");
            if (f.length > 1 && f[1].matches("[0-9]{1,15}")) {
                memory.put(f[0], Long.parseLong(f[1]) * KILO);
            }
        });
        // user, nice, system, idle, iowait, irq, softirq, steal
        long user = (ticks[0] + ticks[1]) * TICK_NANOS;
        long system = (ticks[2] + ticks[5] + ticks[6]) * TICK_NANOS;
        return new MachineUsage(user + system, user, system, memory.getOrDefault("MemTotal", 0L), memory.getOrDefault("MemFree", 0L),
                memory.getOrDefault("Inactive(file)", 0L), memory.getOrDefault("AnonPages", 0L), memory.getOrDefault("Cached", 0L));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // shows as zero
        }
    }

    Usage usage(Instant now) {
        return new Usage(now, cpu, user, system, total - free, Math.max(0, total - free - inactiveFile), anonymous, cached, Usage.NONE, Usage.NONE,
                Usage.NONE, Usage.NONE, Usage.NONE, 0, 0, 0);
    }

    /** The processor time of the group, the memory of the machine. */
    Usage complete(Usage u) {
        Usage m = usage(u.at());
        return new Usage(u.at(), u.cpu(), u.user(), u.system(), m.memory(), m.workingSet(), m.rss(), m.cache(), u.swap(), u.limit(), u.faults(),
                u.majorFaults(), u.processes(), 0, 0, 0);
    }
}
