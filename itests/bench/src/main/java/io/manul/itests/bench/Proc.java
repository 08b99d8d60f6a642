package io.manul.itests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process (proc(5)). */
final class Proc {

    /** USER_HZ: the unit of times in /proc, 100 on every architecture that this runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private final Path folder;

    Proc(long pid) {
        this.folder = Path.of("/proc", Long.toString(pid));
    }

    double residentMegabytes() throws IOException {
        return number("status", "VmRSS:") / 1024.0;
    }

    double proportionalMegabytes() throws IOException {
        return number("smaps_rollup", "Pss:") / 1024.0;
    }

    long writtenBytes() throws IOException {
        return number("io", "write_bytes:");
    }

    /** User and system time of all threads since the start. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(folder.resolve("stat"));
        String[] f = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(f[11]) + Long.parseLong(f[12])) / TICKS_PER_SECOND;
    }

    private long number(String file, String key) throws IOException {
        for (String line : Files.readAllLines(folder.resolve(file))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()).trim().split(" ")[0]);
            }
        }
        throw new IOException(folder.resolve(file) + " has no " + key);
    }
}
