package io.manul.network.pods;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system with text on its standard input. */
interface Tool {

    /** @return what it printed @throws IOException when it cannot be run, takes longer than 30 s, or fails */
    String run(String input, String... command) throws IOException, InterruptedException;

    /** Real processes. */
    Tool PROCESS = (input, command) -> {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            Thread feeder = Thread.ofVirtual().start(() -> {
                try (var in = p.getOutputStream()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    org.slf4j.LoggerFactory.getLogger(Tool.class).debug("A program did not read all why={}", e.toString()); // its exit code tells
                }
            });
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            feeder.join();
            if (!p.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException(command[0] + " did not end within 30 s");
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
