package io.manul.heartbeat;

import io.manul.api.component.Component;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.client.Clusters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both halves' life; in a server of one process they are together. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class HeartbeatComponent implements Component {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatComponent.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final String DEFAULT_PORT = "8883";
    private static final Pattern ENDPOINT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/\\s]+)(?::(\\d{1,5}))?");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int SEQUENCES_PER_SECOND = 10;

    private final Clusters clusters;
    private final Settings settings;
    private final Pki pki;
    private final Duration every;

    // while acting; written by the updater's thread only
    private volatile NodeHalf node;
    private volatile ServerHalf server;

    @Activate
    public HeartbeatComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki) {
        this(clusters, settings, pki, EVERY);
    }

    HeartbeatComponent(Clusters clusters, Settings settings, Pki pki, Duration every) {
        this.clusters = clusters;
        this.settings = settings;
        this.pki = pki;
        this.every = every;
    }

    @Override
    public String name() {
        return "heartbeat";
    }

    /** {@code ssl://host:port} of the broker. */
    static String endpoint(Settings settings) throws IOException {
        String external = settings.other("mqtt-endpoint").orElse("").strip();
        if (external.isEmpty()) {
            return "ssl://127.0.0.1:" + settings.other("mqtt-listen-port").filter(p -> !p.isBlank()).orElse(DEFAULT_PORT);
        }
        Matcher m = ENDPOINT.matcher(external);
        if (!m.matches() || m.group(2) != null && Integer.parseInt(m.group(2)) > 65_535) {
            throw new IOException("--mqtt-endpoint " + external + ": must be host:port, for instance broker.example:8883 (TLS)");
        }
        return "ssl://" + m.group(1) + ":" + (m.group(2) == null ? DEFAULT_PORT : m.group(2));
    }

    @Override
    public void begin(byte[] state) throws IOException {
        String mode = settings.other("heartbeat").filter(h -> !h.isBlank()).orElse("mqtt");
        if (!mode.equals("mqtt")) {
            LOG.info("No heartbeats over MQTT: the kubelet renews its Lease itself heartbeat={}", mode);
            return;
        }
        String broker = endpoint(settings);
        Names names = Names.of(pki.serverCa());
        NodeHalf.Life life = life();
        InstantSource clock = InstantSource.system();
        RandomGenerator random = RandomGenerator.getDefault();
        if (!settings.other("role").orElse("").equals("agent")) {
            server = server(clusters, pki, names, broker, life.node(), clock, random).start();
        }
        node = node(clusters, pki, names, broker, life, every, clock, random, HeartbeatComponent::stopping).start();
    }

    static ServerHalf server(Clusters clusters, Pki pki, Names names, String broker, String where, InstantSource clock, RandomGenerator random) {
        Link.Plan plan = new Link.Plan(broker, "system:manul:heartbeat/" + where,
                () -> pki.client("mqtt-heartbeat", "system:manul:heartbeat", List.of("system:manul")), pki.serverCa(), ServerHalf.will(names),
                ServerHalf.WILL_DELAY, List.of(names.allNodes()));
        return new ServerHalf(clusters.controller("manul-heartbeat", "heartbeat"), names, clock,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), l -> new Link(plan, l, random));
    }

    static NodeHalf node(Clusters clusters, Pki pki, Names names, String broker, NodeHalf.Life life, Duration every, InstantSource clock,
            RandomGenerator random, BooleanSupplier stopping) {
        Link.Plan plan = new Link.Plan(broker, "system:node:" + life.node() + "/1", pki::nodeClient, pki.serverCa(), NodeHalf.will(life, names),
                NodeHalf.WILL_DELAY, List.of(names.of(life.node(), "cmd"), names.state()));
        Leases leases = new Leases(clusters.as("system:node:" + life.node(), List.of("system:nodes"), "heartbeat"));
        return new NodeHalf(life, names, leases, clock, every, l -> new Link(plan, l, random), stopping);
    }

    /** This process's life. Sequences go on above those of an earlier version of this room in it: they follow its age. */
    private NodeHalf.Life life() throws IOException {
        String boot = Files.readString(BOOT_ID).strip();
        Instant started = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
        long epoch = ByteBuffer.wrap(Names.hash((boot + "\n" + ProcessHandle.current().pid() + "\n" + started).getBytes(StandardCharsets.UTF_8))).getLong();
        long uptime = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        return new NodeHalf.Life(settings.nodeName(), boot, epoch, uptime * SEQUENCES_PER_SECOND / 1000 & 0xffff_ffffL, settings.version());
    }

    /** True when the process ends: then no shutdown hook is taken any more. */
    static boolean stopping() {
        Thread none = Thread.ofPlatform().unstarted(() -> { });
        try {
            Runtime.getRuntime().addShutdownHook(none);
            Runtime.getRuntime().removeShutdownHook(none);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Override
    public byte[] end() {
        if (node != null) {
            node.close();
            node = null;
        }
        if (server != null) {
            server.close();
            server = null;
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        ServerHalf s = server;
        NodeHalf n = node;
        if (n == null) {
            return Health.IDLE;
        }
        Health h = s == null ? Health.IDLE : s.controller().health();
        return new Health(h.steps() + n.sent(), h.failures(), h.stuckMillis(), h.message());
    }
}
