package io.manul.itests;

import io.manul.images.BusyboxImage;
import io.manul.json.Obj;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./manul server} of this checkout, in a space of its own, with its data in a folder of its own. */
public final class ManulServer implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(90);

    private final Path checkout;
    private final Path data;
    private final Space space;
    private final List<String> flags;
    private Map<String, String> environment = Map.of();
    private Process process;
    private StringBuffer said = new StringBuffer();

    public ManulServer(String name, int number, String... flags) throws IOException, InterruptedException {
        this.checkout = Path.of(System.getProperty("manul.checkout")).toAbsolutePath().normalize();
        this.data = Files.createTempDirectory("manul-" + name + "-");
        this.space = new Space("manul-" + name, number);
        this.flags = List.of(flags);
        Files.createDirectories(data.resolve("agent/images"));
        BusyboxImage.write(data.resolve("agent/images/busybox.tar"), Path.of("/bin/busybox"));
    }

    public Path data() {
        return data;
    }

    public Space space() {
        return space;
    }

    /** Variables that the server starts with, besides this process's own. */
    public ManulServer environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
    }

    /** Starts and waits for the node to be Ready. */
    public ManulServer start() throws Exception {
        return start(READY);
    }

    public ManulServer start(Duration limit) throws Exception {
        List<String> command = new ArrayList<>(space.inside(checkout.resolve("manul").toString(), "server", "--data-dir", data.toString(),
                "--node-name", "it"));
        command.addAll(flags);
        said = new StringBuffer();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        StringBuffer out = said;
        Process p = process;
        Thread.ofVirtual().start(() -> {
            try (var in = p.inputReader(StandardCharsets.UTF_8)) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    out.append(line).append('\n');
                }
            } catch (IOException e) {
                out.append("[log ended: ").append(e.getMessage()).append("]\n");
            }
        });
        Await.until(limit, "a Ready node", () -> {
            if (!p.isAlive()) {
                throw new AssertionError("the server ended with code " + p.exitValue() + ":\n" + out);
            }
            return out.indexOf("is Ready") >= 0 ? "" : "so far: " + tail();
        });
        return this;
    }

    public String log() {
        return said.toString();
    }

    public String tail() {
        String s = said.toString();
        return s.substring(Math.max(0, s.length() - 2000));
    }

    /** Process id of the JVM (the script execs it, inside nsenter's exec). */
    public long pid() {
        return process.pid();
    }

    public Command.Result kubectl(String... arguments) throws IOException, InterruptedException {
        return kubectlIn("", arguments);
    }

    public Command.Result kubectlIn(String input, String... arguments) throws IOException, InterruptedException {
        return Command.run(Duration.ofSeconds(120), Map.of("KUBECONFIG", kubeconfig().toString()), input, kubectlCommand(arguments));
    }

    public List<String> kubectlCommand(String... arguments) {
        return space.inside(Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toArray(String[]::new));
    }

    /** A kubectl that goes on running; whoever starts it ends it. */
    public Process kubectlProcess(String... arguments) throws IOException {
        ProcessBuilder b = new ProcessBuilder(kubectlCommand(arguments)).redirectErrorStream(true);
        b.environment().put("KUBECONFIG", kubeconfig().toString());
        return b.start();
    }

    public Path kubeconfig() {
        return data.resolve("manul.yaml");
    }

    public Obj json(String... arguments) throws IOException, InterruptedException {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("-o", "json")).toArray(String[]::new);
        return Obj.parse(kubectl(all).orFail().out());
    }

    /** {@code manul ARGUMENTS --data-dir ...}. */
    public Command.Result manul(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(checkout.resolve("manul").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data-dir", data.toString()));
        return Command.run(Duration.ofSeconds(120), Map.of(), "", command);
    }

    public Command.Result inside(String... command) throws IOException, InterruptedException {
        return Command.run(Duration.ofSeconds(60), Map.of(), "", space.inside(command));
    }

    /** SIGTERM; returns the exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the server did not stop within 20 s of SIGTERM: " + tail());
        }
        return process.exitValue();
    }

    /** kill -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Ends everything that was started: server, containerd, shims, pods, mounts, the namespace, the folder. */
    @Override
    public void close() throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            kill();
        }
        String d = data.toString();
        Command.run("sh", "-c", "pkill -9 -f 'containerd.* " + d + "' ; pkill -9 -f 'containerd-shim.*" + d + "'; true");
        Command.run("sh", "-c", "for p in $(ip netns pids " + space.name() + " 2>/dev/null); do kill -9 $p; done; true");
        Command.run("sh", "-c", "for i in 1 2 3; do for m in $(awk '{print $2}' /proc/mounts | grep '^" + d + "' | sort -r); do umount -l $m 2>/dev/null; done; done; true");
        space.close();
        try (Stream<Path> all = Files.walk(data)) {
            all.sorted(java.util.Comparator.reverseOrder()).forEach(p -> {
                try {
                    Files.deleteIfExists(p);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            System.err.println("left behind: " + e.getMessage());
        }
    }
}
