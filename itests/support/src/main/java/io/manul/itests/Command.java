package io.manul.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program and keeps what it said. */
public final class Command {

    /** @param out standard output @param err standard error */
    public record Result(int code, String out, String err) {
        public Result orFail() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + ": " + err + out);
            }
            return this;
        }
    }

    private Command() {
    }

    public static Result run(Duration limit, Map<String, String> environment, String input, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder b = new ProcessBuilder(command);
        b.environment().putAll(environment);
        Process p = b.start();
        StringBuilder err = new StringBuilder();
        Thread errors = Thread.ofVirtual().start(() -> drain(p, err));
        Thread feeder = Thread.ofVirtual().start(() -> feed(p, input));
        StringBuilder out = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                out.append(new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                out.append("[output broke: ").append(e.getMessage()).append(']');
            }
        });
        if (!p.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            p.destroyForcibly();
            reader.join(Duration.ofSeconds(2));
            throw new AssertionError(String.join(" ", command) + " did not end within " + limit + "; it said: " + out + err);
        }
        reader.join(Duration.ofSeconds(5));
        errors.join(Duration.ofSeconds(5));
        feeder.join(Duration.ofSeconds(1));
        return new Result(p.exitValue(), out.toString(), err.toString());
    }

    public static Result run(String... command) throws IOException, InterruptedException {
        return run(Duration.ofSeconds(60), Map.of(), "", List.of(command));
    }

    private static void drain(Process p, StringBuilder err) {
        try {
            err.append(new String(p.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            err.append("[errors broke: ").append(e.getMessage()).append(']');
        }
    }

    private static void feed(Process p, String input) {
        try (var in = p.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // the program ended without reading all of it: its exit code tells whether that matters
            return;
        }
    }

    static List<String> concat(List<String> a, String... b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(List.of(b));
        return all;
    }
}
