package io.manul.kubelet.status;

import io.manul.cri.v1.ContainerStatus;
import io.manul.cri.v1.Mount;
import io.manul.kubelet.log.LogTail;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The termination message of a container (Kubernetes, "Determine the Reason for Pod Failure"). */
public final class LastWords {

    private static final int MOST_BYTES = 4096;
    private static final int MOST_LOG_BYTES = 2048;
    private static final int MOST_LOG_LINES = 80;

    private LastWords() {
    }

    public static String of(Instance instance) {
        ContainerStatus status = instance.status();
        String path = status.getAnnotationsOrDefault(Labels.MESSAGE_PATH, "");
        String words = "";
        for (Mount m : status.getMountsList()) {
            if (m.getContainerPath().equals(path)) {
                words = read(Path.of(m.getHostPath()));
            }
        }
        boolean fallBack = status.getAnnotationsOrDefault(Labels.MESSAGE_POLICY, "").equals("FallbackToLogsOnError");
        if (words.isEmpty() && fallBack && status.getExitCode() != 0) {
            words = log(Path.of(status.getLogPath()));
        }
        return words.isEmpty() ? status.getMessage() : words;
    }

    private static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "Error on reading termination log " + file + ": " + e.getMessage();
        }
    }

    private static String log(Path file) {
        try {
            return Files.isRegularFile(file) ? LogTail.text(file, MOST_LOG_LINES, MOST_LOG_BYTES) : "";
        } catch (IOException e) {
            return "Error reading termination message from logs: " + e.getMessage();
        }
    }
}
