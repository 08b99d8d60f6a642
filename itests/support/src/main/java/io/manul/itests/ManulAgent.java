package io.manul.itests;

import io.manul.images.BusyboxImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./manul agent} of this checkout: another machine as far as network and data go. */
public final class ManulAgent implements AutoCloseable {

    private final Path checkout;
    private final Path data;
    private final Space space;
    private final String node;
    private Process process;
    private volatile StringBuffer said = new StringBuffer();

    public ManulAgent(String node, int number) throws IOException, InterruptedException {
        this.checkout = Path.of(System.getProperty("manul.checkout")).toAbsolutePath().normalize();
        this.node = node;
        this.data = Files.createTempDirectory("manul-" + node + "-");
        this.space = new Space("manul-" + node, number);
        Files.createDirectories(data.resolve("agent/images"));
        BusyboxImage.write(data.resolve("agent/images/busybox.tar"), Path.of("/bin/busybox"));
    }

    public String node() {
        return node;
    }

    public Path data() {
        return data;
    }

    public Space space() {
        return space;
    }

    /** Starts it; returns at once. */
    public ManulAgent start(ManulServer server, String token) throws IOException {
        List<String> command = new ArrayList<>(space.inside(checkout.resolve("manul").toString(), "agent", "--data-dir", data.toString(),
                "--node-name", node, "--server", "https://" + server.space().address() + ":6443"));
        if (!token.isEmpty()) {
            command.addAll(List.of("--token", token));
        }
        StringBuffer out = new StringBuffer();
        said = out;
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
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
        return this;
    }

    /** @return the exit code, of one that ends by itself */
    public int awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the agent did not end within " + limit.toSeconds() + " s: " + said);
        }
        return process.exitValue();
    }

    public void awaitReady(Duration limit) throws Exception {
        Await.until(limit, node + " Ready", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the agent ended with code " + process.exitValue() + ":\n" + said);
            }
            return said.indexOf("is Ready") >= 0 ? "" : "so far: " + said;
        });
    }

    public String log() {
        return said.toString();
    }

    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent did not stop within 20 s of SIGTERM: " + said);
        }
    }

    /** A power cut: nothing that ran runs, what was in memory is gone, the disk is as it was. */
    public void powerCut() throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
            process.waitFor();
        }
        String d = data.toString();
        Command.run("sh", "-c", "pkill -9 -f 'containerd.* " + d + "' ; sleep 0.2; pkill -9 -f 'containerd-shim.*" + d + "'; true");
        Command.run("sh", "-c", "for i in 1 2 3; do for m in $(awk '{print $2}' /proc/mounts | grep '^" + d + "' | sort -r); do umount -l $m 2>/dev/null; done; done;"
                + " rm -rf " + d + "/run");
        Command.run(space.inside("sh", "-c", "nft flush ruleset; ip link del flannel.1; ip link del cni0;"
                + " for l in $(ip -o link | grep -o 'veth[^@:]*'); do ip link del $l; done; true").toArray(String[]::new));
    }

    /** The cable is pulled, or put back. */
    public void link(boolean up) throws IOException, InterruptedException {
        space.link(up);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        powerCut();
        Command.run("sh", "-c", "for p in $(ip netns pids " + space.name() + " 2>/dev/null); do kill -9 $p; done; true");
        space.close();
        try (Stream<Path> all = Files.walk(data)) {
            all.sorted(Comparator.reverseOrder()).forEach(p -> {
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
