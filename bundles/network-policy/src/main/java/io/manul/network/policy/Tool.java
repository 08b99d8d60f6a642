package io.manul.network.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system with text on its standard input. */
interface Tool {

    /** @throws IOException when it cannot be run, takes longer than 30 s, or fails; the message holds what it printed */
    void run(String input, String... command) throws IOException, InterruptedException;

    /** Real processes. */
    Tool PROCESS = (input, command) -> {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            try (var in = p.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(p.getInputStream().readNBytes(8192), StandardCharsets.UTF_8);
            if (!p.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException(command[0] + " did not end within 30 s");
            }
            if (p.exitValue() != 0) {
                throw new IOException("`" + String.join(" ", command) + "` failed with code " + p.exitValue() + ": " + said.strip());
            }
        } finally {
            p.destroyForcibly();
        }
    };
}
