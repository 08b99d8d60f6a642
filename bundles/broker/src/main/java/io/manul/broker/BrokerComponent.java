package io.manul.broker;

import io.manul.api.component.Component;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker's life. It does nothing when {@code --mqtt-endpoint} names another broker. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class BrokerComponent implements Component {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerComponent.class);
    private static final int DEFAULT_PORT = 8883;

    private final Settings settings;
    private final Pki pki;
    private final Limits limits;

    // while acting; written by the updater's thread only
    private volatile Endpoint endpoint;
    private volatile Counts counts;
    private volatile int port;

    @Activate
    public BrokerComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki) {
        this(settings, pki, Limits.DEFAULT);
    }

    BrokerComponent(Settings settings, Pki pki, Limits limits) {
        this.settings = settings;
        this.pki = pki;
        this.limits = limits;
    }

    @Override
    public String name() {
        return "broker";
    }

    private boolean external() {
        return settings.other("mqtt-endpoint").filter(e -> !e.isBlank()).isPresent();
    }

    private int wantedPort() throws IOException {
        String text = settings.other("mqtt-listen-port").filter(p -> !p.isBlank()).orElse(String.valueOf(DEFAULT_PORT));
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException e) {
            LOG.debug("Not a number mqtt-listen-port={}", text);
        }
        throw new IOException("--mqtt-listen-port " + text + ": must be a port number, 1 to 65535");
    }

    @Override
    public void begin(byte[] state) throws IOException, InterruptedException {
        if (external()) {
            LOG.info("No broker here: an external one is used endpoint={}", settings.other("mqtt-endpoint").orElse(""));
            return;
        }
        int wanted = wantedPort();
        Counts c = new Counts();
        String cluster = ClusterName.of(pki.serverCa());
        Endpoint e = new Endpoint(loop -> new Broker(cluster, limits, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                (millis, task) -> loop.schedule(task, millis, TimeUnit.MILLISECONDS)), c, this::serving, pki.clientCa());
        counts = c;
        endpoint = e;
        try {
            if (state.length > 0) {
                restore(e, state);
            }
            port = e.open(settings.bindAddress(), wanted);
        } catch (IOException | RuntimeException ex) {
            end();
            throw ex;
        }
        LOG.info("MQTT broker listens address={} port={} cluster={}", settings.bindAddress(), port, cluster);
    }

    /** Only an optimisation: without it clients begin new sessions. */
    private static void restore(Endpoint e, byte[] state) throws InterruptedException {
        try {
            boolean known = e.onLoop(() -> Handover.read(state, e.broker()));
            if (!known) {
                LOG.info("Sessions of the version before are of another format; clients begin new ones");
            }
        } catch (IOException ex) {
            LOG.warn("Sessions of the version before could not be read; clients begin new ones why={}", ex.getMessage());
        }
    }

    private Pki.Identity serving() {
        Set<String> addresses = new LinkedHashSet<>(List.of("127.0.0.1", "::1", settings.nodeIp()));
        if (!settings.bindAddress().equals("0.0.0.0") && !settings.bindAddress().equals("::")) {
            addresses.add(settings.bindAddress());
        }
        List<InetAddress> ips = new ArrayList<>();
        for (String a : addresses) {
            try {
                ips.add(InetAddress.ofLiteral(a));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("address " + a + " of this node is not an IP address", e);
            }
        }
        return pki.serving("mqtt", "mqtt", List.of("localhost", "mqtt", settings.nodeName()), ips);
    }

    /** The port that is served; 0 without one. */
    int port() {
        return port;
    }

    @Override
    public byte[] end() throws IOException, InterruptedException {
        Endpoint e = endpoint;
        endpoint = null;
        port = 0;
        return e == null ? new byte[0] : e.close();
    }

    @Override
    public Health health() {
        Counts c = counts;
        return c == null ? Health.IDLE : new Health(c.packets(), c.failures(), 0, c.trouble());
    }
}
