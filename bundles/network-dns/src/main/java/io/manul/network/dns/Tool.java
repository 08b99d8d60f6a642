package io.manul.network.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system. */
interface Tool {

    /** What it prints. @throws IOException when it cannot be run, takes longer than 10 s, or fails; the message holds what it said */
    String run(String... command) throws IOException, InterruptedException;

    /** Real processes. */
    Tool PROCESS = command -> {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            p.getOutputStream().close();
            String said = new String(p.getInputStream().readNBytes(65536), StandardCharsets.UTF_8);
            if (!p.waitFor(10, TimeUnit.SECONDS)) {
                throw new IOException(command[0] + " did not end within 10 s");
            }
            if (p.exitValue() != 0) {
                throw new IOException("`" + String.join(" ", command) + "` failed with code " + p.exitValue() + ": " + said.strip());
            }
            return said;
        } finally {
            p.destroyForcibly();
        }
    };
}
