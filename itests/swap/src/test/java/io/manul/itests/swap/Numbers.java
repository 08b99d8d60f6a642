package io.manul.itests.swap;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program whose lines count up by one: a gap, a repetition or its end is a failure. */
final class Numbers implements AutoCloseable {

    private static final Pattern NUMBER = Pattern.compile("n=([0-9]+)");

    private final String name;
    private final Process process;
    private final List<String> failures = new ArrayList<>();
    private final AtomicLong last = new AtomicLong(-1);
    private volatile boolean closing;

    Numbers(String name, List<String> command, java.util.Map<String, String> environment) throws IOException {
        this.name = name;
        ProcessBuilder b = new ProcessBuilder(command);
        b.environment().putAll(environment);
        this.process = b.start();
        Thread.ofVirtual().start(this::read);
    }

    Process process() {
        return process;
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Matcher m = NUMBER.matcher(line);
                if (m.find()) {
                    long n = Long.parseLong(m.group(1));
                    long before = last.getAndSet(n);
                    if (before >= 0 && n != before + 1) {
                        fail(n + " came after " + before);
                    }
                }
            }
            if (!closing) {
                fail("it ended after " + last.get() + ": " + new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            if (!closing) {
                fail("its output broke after " + last.get() + ": " + e.getMessage());
            }
        }
    }

    private synchronized void fail(String what) {
        failures.add(name + ": " + what);
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    long last() {
        return last.get();
    }

    @Override
    public void close() {
        closing = true;
        process.destroy();
    }
}
