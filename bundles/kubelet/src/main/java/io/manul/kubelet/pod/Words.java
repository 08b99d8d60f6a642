package io.manul.kubelet.pod;

import io.manul.cri.v1.ContainerStatus;
import io.manul.kubelet.Places;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Labels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Termination messages (Kubernetes, "Determine the Reason for Pod Failure"): at most 4 KiB, or the log's last 2 KiB, 80 lines. */
final class Words {

    private static final int MOST = 4096;
    private static final int MOST_OF_LOG = 2048;
    private static final int MOST_LINES = 80;

    private final Places places;
    private final String uid;
    /** By container id: an exited container says nothing more. */
    private final Map<String, String> known = new HashMap<>();

    Words(Places places, String uid) {
        this.places = places;
        this.uid = uid;
    }

    String of(Instance exited) {
        return known.computeIfAbsent(exited.id(), id -> read(exited));
    }

    void keep(List<Instance> there) {
        known.keySet().removeIf(id -> there.stream().noneMatch(i -> i.id().equals(id)));
    }

    private String read(Instance exited) {
        ContainerStatus s = exited.status();
        Path file = places.pod(uid).resolve("containers").resolve(exited.name()).resolve("last-words-" + exited.restarts());
        try {
            String words = Files.isRegularFile(file) ? text(file, MOST, true) : "";
            if (!words.isEmpty() || s.getExitCode() == 0
                    || !s.getAnnotationsOrDefault(Labels.MESSAGE_POLICY, "").equals("FallbackToLogsOnError")) {
                return words;
            }
            Path log = Path.of(s.getLogPath());
            return s.getLogPath().isEmpty() || !Files.isRegularFile(log) ? "" : lines(text(log, 4 * MOST_OF_LOG, false));
        } catch (IOException e) {
            return "the termination message cannot be read: " + e;
        }
    }

    /** The first, or the last, bytes of a file. */
    private static String text(Path file, int most, boolean head) throws IOException {
        try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "r")) {
            int length = (int) Math.min(most, f.length());
            f.seek(head ? 0 : f.length() - length);
            byte[] bytes = new byte[length];
            f.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** The messages of CRI log lines: {@code time stream tag message}. */
    static String lines(String log) {
        List<String> out = new ArrayList<>();
        for (String line : log.split("\n")) {
            String[] parts = line.split(" ", 4);
            if (parts.length == 4 && parts[1].startsWith("std")) {
                out.add(parts[3]);
            }
        }
        String all = String.join("\n", out.subList(Math.max(0, out.size() - MOST_LINES), out.size()));
        return all.length() > MOST_OF_LOG ? all.substring(all.length() - MOST_OF_LOG) : all.isEmpty() ? "" : all + "\n";
    }
}
