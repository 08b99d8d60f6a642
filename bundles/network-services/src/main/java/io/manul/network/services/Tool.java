package io.manul.network.services;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system with text on its standard input. */
interface Tool {

    /**
     * @return what it printed, errors too
     * @throws IOException when it cannot be run, takes longer than 30 s, prints more than 32 MiB, or fails; the message holds what it printed
     */
    String run(String input, String... command) throws IOException, InterruptedException;

    /** Real processes. */
    Tool PROCESS = (input, command) -> {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread watch = Thread.ofVirtual().name("network-services-tool").start(() -> {
            try {
                if (!p.waitFor(30, TimeUnit.SECONDS)) {
                    p.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            IOException unread = null;
            try (var in = p.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                unread = e; // it ended before it had read everything: what it printed says why
            }
            String said = new String(p.getInputStream().readNBytes(32 << 20), StandardCharsets.UTF_8);
            int code = p.waitFor();
            if (code != 0) {
                String start = said.strip();
                throw new IOException("`" + String.join(" ", command) + "` failed with code " + code + ": "
                        + start.substring(0, Math.min(2000, start.length())));
            }
            if (unread != null) {
                throw unread;
            }
            return said;
        } finally {
            p.destroyForcibly();
            watch.interrupt();
            watch.join();
        }
    };
}
