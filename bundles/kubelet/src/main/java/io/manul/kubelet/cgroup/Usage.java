package io.manul.kubelet.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a control group uses, at one moment; {@link #NONE} for what the kernel does not tell. Memory in bytes, cpu in nanoseconds
 * since the group was made (Linux, cgroup-v1/cpuacct, cgroup-v1/memory, cgroup-v2).
 *
 * @param workingSet usage without what can be reclaimed at once
 * @param limit      of memory; NONE without one
 */
public record Usage(Instant at, long cpu, long user, long system, long memory, long workingSet, long rss, long cache, long swap, long limit,
        long faults, long majorFaults, long processes, long periods, long throttled, long throttledNanos) {

    public static final long NONE = -1;
    private static final long TICK_NANOS = 10_000_000;
    /** From here on a limit of version 1 means none. */
    private static final long UNLIMITED = 1L << 62;

    /** Empty when there is no such group (any more). */
    public static Optional<Usage> of(Cgroups cgroups, String group, Instant now) {
        return cgroups.unified() ? unified(cgroups.folder("", group), now) : split(cgroups, group, now);
    }

    private static Optional<Usage> unified(Path folder, Instant now) {
        Map<String, Long> cpu = keyed(folder.resolve("cpu.stat"));
        if (!cpu.containsKey("usage_usec")) {
            return Optional.empty();
        }
        Map<String, Long> stat = keyed(folder.resolve("memory.stat"));
        long memory = number(folder.resolve("memory.current")).orElse(stat.isEmpty() ? NONE : stat.getOrDefault("anon", 0L)
                + stat.getOrDefault("file", 0L)); // the root group has no memory.current
        return Optional.of(new Usage(now, cpu.get("usage_usec") * 1000, cpu.getOrDefault("user_usec", 0L) * 1000,
                cpu.getOrDefault("system_usec", 0L) * 1000, memory, working(memory, stat.getOrDefault("inactive_file", 0L)),
                stat.getOrDefault("anon", NONE), stat.getOrDefault("file", NONE), number(folder.resolve("memory.swap.current")).orElse(NONE),
                number(folder.resolve("memory.max")).orElse(NONE), stat.getOrDefault("pgfault", NONE), stat.getOrDefault("pgmajfault", NONE),
                number(folder.resolve("pids.current")).orElse(NONE), cpu.getOrDefault("nr_periods", 0L), cpu.getOrDefault("nr_throttled", 0L),
                cpu.getOrDefault("throttled_usec", 0L) * 1000));
    }

    private static Optional<Usage> split(Cgroups cgroups, String group, Instant now) {
        Path account = cgroups.folder("cpuacct", group);
        OptionalLong cpu = number(account.resolve("cpuacct.usage"));
        if (cpu.isEmpty()) {
            return Optional.empty();
        }
        Path memory = cgroups.folder("memory", group);
        Map<String, Long> stat = keyed(memory.resolve("memory.stat"));
        Map<String, Long> ticks = keyed(account.resolve("cpuacct.stat"));
        Map<String, Long> quota = keyed(cgroups.folder("cpu", group).resolve("cpu.stat"));
        long used = number(memory.resolve("memory.usage_in_bytes")).orElse(NONE);
        long limit = number(memory.resolve("memory.limit_in_bytes")).orElse(NONE);
        return Optional.of(new Usage(now, cpu.getAsLong(), ticks.getOrDefault("user", 0L) * TICK_NANOS, ticks.getOrDefault("system", 0L) * TICK_NANOS,
                used, working(used, stat.getOrDefault("total_inactive_file", 0L)), stat.getOrDefault("total_rss", NONE),
                stat.getOrDefault("total_cache", NONE), stat.getOrDefault("total_swap", NONE), limit > UNLIMITED ? NONE : limit,
                stat.getOrDefault("total_pgfault", NONE), stat.getOrDefault("total_pgmajfault", NONE),
                number(cgroups.folder("pids", group).resolve("pids.current")).orElse(NONE), quota.getOrDefault("nr_periods", 0L),
                quota.getOrDefault("nr_throttled", 0L), quota.getOrDefault("throttled_time", 0L)));
    }

    private static long working(long used, long inactive) {
        return used == NONE ? NONE : Math.max(0, used - inactive);
    }

    /** Lines of a name and a number. */
    private static Map<String, Long> keyed(Path file) {
        Map<String, Long> out = new HashMap<>();
        text(file).ifPresent(t -> t.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            if (blank > 0 && line.substring(blank + 1).matches("[0-9]{1,18}")) {
                out.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
            }
        }));
        return out;
    }

    /** Empty also for "max". */
    private static OptionalLong number(Path file) {
        String digits = text(file).orElse("").strip();
        return digits.matches("[0-9]{1,19}") ? OptionalLong.of(digits.length() < 19 ? Long.parseLong(digits) : Long.MAX_VALUE) : OptionalLong.empty();
    }

    /** A group goes while it is read: its container ended. */
    private static Optional<String> text(Path file) {
        try {
            return Files.isReadable(file) ? Optional.of(Files.readString(file, StandardCharsets.US_ASCII)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
