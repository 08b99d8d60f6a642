package io.manul.kubelet.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This machine, read from {@code /proc}, {@code /sys} and {@code /etc} below a root folder. Safe from any thread. */
public final class Machine {

    private static final int MOST = 64 << 10;

    private final Path root;
    private final Path data;

    /** @param root {@code /}, or a test's folder @param data a folder on the file system that pods fill */
    public Machine(Path root, Path data) {
        this.root = root;
        this.data = data;
    }

    /** @param total bytes @param available bytes */
    record Space(long total, long available) {
    }

    /** When the kernel started, by its own clock. */
    public java.time.Instant booted() {
        return text("proc/stat").lines().filter(l -> l.startsWith("btime ")).findFirst()
                .map(l -> java.time.Instant.ofEpochSecond(number(l.substring(6)))).orElse(java.time.Instant.EPOCH);
    }

    public int cpus() {
        int count = cpus(text("sys/devices/system/cpu/online"));
        return count > 0 ? count : Runtime.getRuntime().availableProcessors();
    }

    /** Counts a kernel list: {@code 0-3,6}. 0 when it is none. */
    static int cpus(String list) {
        int count = 0;
        for (String part : list.strip().split(",")) {
            if (!part.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
                return 0;
            }
            String[] ends = part.split("-");
            count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return count;
    }

    /** Bytes. */
    public long memoryCapacity() {
        return memory().total();
    }

    Space memory() {
        String info = text("proc/meminfo");
        return new Space(kilobytes(info, "MemTotal:"), kilobytes(info, "MemAvailable:"));
    }

    private static long kilobytes(String info, String key) {
        return info.lines().filter(l -> l.startsWith(key)).map(l -> l.replaceAll("[^0-9]", "")).filter(d -> !d.isEmpty())
                .mapToLong(Long::parseLong).findFirst().orElse(0) * 1024;
    }

    Space disk() throws IOException {
        FileStore store = Files.getFileStore(data);
        return new Space(store.getTotalSpace(), store.getUsableSpace());
    }

    /** Processes and threads that may be, and that are still free. */
    Space processes() {
        long most = number(text("proc/sys/kernel/pid_max"));
        String[] load = text("proc/loadavg").split("[ /]+");
        long now = load.length > 4 ? number(load[4]) : 0;
        return new Space(most, most - now);
    }

    private static long number(String text) {
        String digits = text.strip();
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }

    String kernel() {
        return text("proc/sys/kernel/osrelease").strip();
    }

    String bootId() {
        return text("proc/sys/kernel/random/boot_id").strip();
    }

    String machineId() {
        return text("etc/machine-id").strip();
    }

    String systemUuid() {
        String uuid = text("sys/class/dmi/id/product_uuid").strip().toLowerCase(java.util.Locale.ROOT);
        return uuid.isEmpty() ? machineId() : uuid;
    }

    /** {@code PRETTY_NAME} of os-release(5). */
    String osImage() {
        return text("etc/os-release").lines().filter(l -> l.startsWith("PRETTY_NAME=")).findFirst()
                .map(l -> l.substring("PRETTY_NAME=".length()).replace("\"", "")).orElse("Linux");
    }

    /** Search domains and options of the host's resolver. */
    List<String> resolver(String key) {
        return text("etc/resolv.conf").lines().filter(l -> l.matches(key + "\\s.*"))
                .flatMap(l -> List.of(l.substring(key.length()).strip().split("\\s+")).stream()).toList();
    }

    /**
     * Empty when the machine does not have the file. Read in one large piece: a number under {@code /proc/sys} answers only
     * the first read.
     */
    private String text(String path) {
        Path file = root.resolve(path);
        if (!Files.isReadable(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = new byte[MOST];
            int length = 0;
            for (int n = in.read(bytes); n > 0 && length < MOST; n = in.read(bytes, length, MOST - length)) {
                length += n;
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
