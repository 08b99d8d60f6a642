package io.manul.cri.containerd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Runs short programs and takes their output. */
public final class Commands {

    private static final int OUTPUT_LIMIT_BYTES = 64 << 10;

    private Commands() {
    }

    /** @return what it printed, both streams. @throws IOException when it failed or did not end in time, with its last words */
    public static String run(Duration limit, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("manul-command", ".out");
        try {
            Process process = builder(command, output).redirectInput(Path.of("/dev/null").toFile()).start();
            return ended(process, limit, command, output);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** @param input what the program reads; a failure to read it fails the whole */
    static String run(Duration limit, List<String> command, InputStream input) throws IOException, InterruptedException {
        Path output = Files.createTempFile("manul-command", ".out");
        try {
            Process process = builder(command, output).start();
            AtomicReference<IOException> unread = new AtomicReference<>();
            Thread feeder = Thread.ofVirtual().name("manul-command-input").start(() -> feed(process, input, unread));
            try {
                return ended(process, limit, command, output);
            } catch (IOException e) {
                feeder.join(Duration.ofSeconds(1));
                throw unread.get() == null ? e : unread.get();
            } finally {
                process.destroyForcibly();
                feeder.join(Duration.ofSeconds(1));
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** A program that ended early is told by its exit code, not by the broken pipe. */
    private static void feed(Process process, InputStream input, AtomicReference<IOException> unread) {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream pipe = process.getOutputStream()) {
            for (;;) {
                int read;
                try {
                    read = input.read(buffer);
                } catch (IOException e) {
                    unread.set(e);
                    process.destroyForcibly();
                    return;
                }
                if (read < 0) {
                    return;
                }
                pipe.write(buffer, 0, read);
            }
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(Commands.class).debug("A program did not read its whole input why={}", e.toString());
        }
    }

    private static ProcessBuilder builder(List<String> command, Path output) {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    }

    private static String ended(Process process, Duration limit, List<String> command, Path output)
            throws IOException, InterruptedException {
        boolean over;
        try {
            over = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
        String said = Tail.of(output, OUTPUT_LIMIT_BYTES).strip();
        if (!over) {
            process.destroyForcibly();
            throw new IOException(command.getFirst() + " did not end within " + limit.toSeconds() + " s: " + said);
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed (exit code " + process.exitValue() + "): " + said);
        }
        return said;
    }
}
