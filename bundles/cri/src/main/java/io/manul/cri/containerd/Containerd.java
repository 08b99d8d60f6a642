package io.manul.cri.containerd;

import io.manul.api.settings.Settings;
import io.manul.cri.CriException;
import io.manul.cri.grpc.GrpcClient;
import io.manul.cri.v1.VersionRequest;
import io.manul.cri.v1.VersionResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The care for containerd: started when none of ours answers, found again after our restart or replacement, started again with
 * back-off when it dies; never stopped by us, so that pods outlive us. It is watched by the connection to it: when that is lost,
 * we look. One virtual thread between {@link #begin} and {@link #end}.
 */
public final class Containerd {

    /** What is to be done each time that containerd has come up. */
    public interface Up {
        void up() throws CriException, InterruptedException, IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Containerd.class);
    private static final Duration UP_LIMIT = Duration.ofSeconds(30);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(250);
    private static final Duration LAST_BACK_OFF = Duration.ofSeconds(30);
    /** A run of that length is a good one: the back-off starts anew. */
    private static final Duration GOOD_RUN = Duration.ofSeconds(60);

    private final Settings settings;
    private final Places places;
    private final Machine machine;
    private final GrpcClient grpc;
    private final Up up;
    private final ContainerdProcess process;
    private Path binary;
    private Path config;
    private Thread thread;
    private volatile String trouble = "";

    public Containerd(Settings settings, Places places, Machine machine, GrpcClient grpc, Up up) {
        this.settings = settings;
        this.places = places;
        this.machine = machine;
        this.grpc = grpc;
        this.up = up;
        this.process = new ContainerdProcess(places, machine);
    }

    /** Writes the configuration and starts the care. @throws IllegalStateException that says what is missing on this machine */
    public void begin() throws IOException, InterruptedException {
        prepare();
        thread = Thread.ofVirtual().name("manul-containerd").start(this::care);
    }

    /** Ends the care; containerd and the pods go on. */
    public void end() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(3));
            thread = null;
        }
    }

    /** What is wrong with containerd now; empty when it runs well. */
    public String trouble() {
        return trouble;
    }

    private void prepare() throws IOException, InterruptedException {
        if (!machine.root()) {
            throw new IllegalStateException("containerd needs root: start the server as root, or name a CRI socket that you may use"
                    + " by --container-runtime-endpoint");
        }
        binary = machine.need("containerd", "containerd");
        Path runc = machine.need("runc", "runc");
        if (machine.program("iptables").isEmpty()) {
            LOG.warn("No iptables here: pods with hostPort fail, and pods do not reach beyond this node. Install it (Debian:"
                    + " apt-get install iptables)");
        }
        for (Path folder : List.of(places.root(), places.state(), places.etc(), places.registries(), places.network())) {
            Files.createDirectories(folder);
        }
        Version version = Version.parse(Commands.run(Duration.ofSeconds(10), List.of(binary.toString(), "--version")));
        if (Files.exists(places.userConfig())) {
            config = places.userConfig();
            LOG.info("The user's own containerd configuration is used in place of ours file={}", config);
        } else {
            config = places.config();
            String toml = new Config(version, places, runc, machine.cniPlugins(), machine.maySetOomScore(),
                    machine.snapshotter(places.root()), settings.debug()).toml();
            if (!Files.exists(config) || !Files.readString(config).equals(toml)) {
                Files.writeString(config, toml);
            }
        }
    }

    private void care() {
        Duration pause = FIRST_BACK_OFF;
        try {
            for (;;) {
                long since = System.nanoTime();
                try {
                    ensureUp();
                    up.up();
                    trouble = "";
                    grpc.awaitLoss();
                    if (process.find().isPresent()) {
                        continue; // only the connection went
                    }
                    trouble = "containerd died; the last words in its log: " + process.lastWords();
                } catch (CriException | IOException e) {
                    trouble = e.getMessage();
                }
                pause = System.nanoTime() - since > GOOD_RUN.toNanos() ? FIRST_BACK_OFF : pause;
                LOG.error("containerd is not usable; it is looked after again retry-ms={} log={} why={}", pause.toMillis(),
                        places.log(), trouble);
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LAST_BACK_OFF) > 0 ? LAST_BACK_OFF : pause.multipliedBy(2);
            }
        } catch (InterruptedException e) {
            LOG.debug("The care for containerd ends");
        }
    }

    /** Returns when containerd answers. */
    private void ensureUp() throws IOException, InterruptedException {
        OptionalLong found = process.find();
        if (found.isPresent()) {
            awaitAnswer(found.getAsLong());
            LOG.info("containerd found running pid={} socket={}", found.getAsLong(), places.socket());
            compareConfig();
            return;
        }
        if (answers()) {
            throw new IOException("another process answers at " + places.socket() + " that is not our containerd. Stop it, or give"
                    + " this server a --data-dir of its own");
        }
        long start = System.nanoTime();
        long pid = process.start(binary, config);
        awaitAnswer(pid);
        LOG.info("containerd started pid={} ms={} socket={}", pid, (System.nanoTime() - start) / 1_000_000, places.socket());
    }

    private void awaitAnswer(long pid) throws IOException, InterruptedException {
        long end = System.nanoTime() + UP_LIMIT.toNanos();
        while (!answers()) {
            if (!process.alive(pid) && process.find().isEmpty()) {
                throw new IOException("containerd ended at its start: " + process.lastWords());
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("containerd (pid " + pid + ") runs but does not answer at " + places.socket() + " for "
                        + UP_LIMIT.toSeconds() + " s. If this stays, end it (kill " + pid + "): it is started again, pods go on");
            }
            Thread.sleep(20);
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            grpc.unary("/runtime.v1.RuntimeService/Version", VersionRequest.getDefaultInstance(), VersionResponse.parser(),
                    Duration.ofSeconds(2), Duration.ZERO);
            return true;
        } catch (CriException e) {
            return false;
        }
    }

    private void compareConfig() throws IOException {
        if (Files.exists(places.runningConfig()) && Files.mismatch(places.runningConfig(), config) >= 0) {
            LOG.warn("containerd runs with an older configuration; the new one holds after its restart (kill its pid: it is started"
                    + " again, pods go on) file={}", config);
        }
    }
}
