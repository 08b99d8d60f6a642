package io.manul.cri.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short programs and takes their output. */
public final class Commands {

    private static final int OUTPUT_LIMIT_BYTES = 64 << 10;

    private Commands() {
    }

    /** @return what it printed, both streams. @throws IOException when it failed or did not end in time, with its last words */
    public static String run(Duration limit, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("manul-command", ".out");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile()).start();
            boolean over;
            try {
                over = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                throw e;
            }
            String said = Tail.of(output, OUTPUT_LIMIT_BYTES);
            if (!over) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end within " + limit.toSeconds() + " s: " + said.strip());
            }
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed (exit code " + process.exitValue() + "): "
                        + said.strip());
            }
            return said;
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
