package io.manul.network.services;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Service room's life. The rules stay in the kernel while nobody acts: connections go on. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class ServicesComponent implements Component {

    /** Name of our nftables tables. */
    static final String TABLE = "manul-services";
    private static final Logger LOG = LoggerFactory.getLogger(ServicesComponent.class);
    private static final String ZONE = "topology.kubernetes.io/zone";
    /** Services that another proxy answers (well-known label). */
    private static final String NOT_OURS = "!service.kubernetes.io/service-proxy-name";

    private final Cluster cluster;
    private final Settings settings;
    private final Tool tool;
    private final Path proc;

    // while acting; written by the updater's thread only
    private Informer services;
    private Informer slices;
    private Informer node;
    private Events events;
    private HealthPorts health;
    private Thread thread;
    private volatile Syncer syncer;

    @Activate
    public ServicesComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(clusters, settings, Tool.PROCESS, Path.of("/proc"));
    }

    /** @param proc the kernel's settings, of the network namespace that the tool works in */
    ServicesComponent(Clusters clusters, Settings settings, Tool tool, Path proc) {
        this.tool = tool;
        this.proc = proc;
        this.cluster = clusters.as("system:kube-proxy", List.of("system:node-proxiers"), "network-services");
        this.settings = settings;
    }

    @Override
    public String name() {
        return "network-services";
    }

    @Override
    public void begin(byte[] state) throws InterruptedException {
        services = cluster.informer(Resources.SERVICES, Selection.ALL.labels(NOT_OURS));
        slices = cluster.informer(Resources.ENDPOINT_SLICES, Selection.ALL.labels(NOT_OURS + ",!service.kubernetes.io/headless"))
                .index(Syncer.SERVICE_LABEL, s -> List.of(service(s).namespace() + "/" + service(s).name()));
        node = cluster.informer(Resources.NODES, Selection.ALL.fields("metadata.name=" + settings.nodeName())).metadataOnly();
        events = cluster.events("kube-proxy");
        health = new HealthPorts((service, what) -> complain(service, "FailedToStartServiceHealthcheck", what));
        Frame.Site site = new Frame.Site(list(settings.clusterCidr()), list(settings.serviceCidr()), list(settings.clusterDns()), loopback());
        List<Family> families = Tables.families(proc);
        Planner planner = new Planner(settings.nodeName(), settings.nodeIp(), families.stream().filter(f -> !f.of(site.pods()).isEmpty()).toList());
        Syncer s = new Syncer(services, slices, planner, this::zone, new Tables(tool, TABLE, site, families, System::nanoTime),
                new Flows(tool), health, new Culprits((service, what) -> complain(service, "FailedToWriteRules", what)));
        s.resume(state);
        services.listen(c -> s.dirty().add(Key.of(c.object()))).start();
        slices.listen(c -> {
            s.dirty().add(service(c.object()));
            if (c.previous() != null) {
                s.dirty().add(service(c.previous()));
            }
        }).start();
        node.listen(c -> {
            if (c.previous() == null || !zone(c.previous()).equals(zone(c.object()))) {
                s.dirty().addAll();
            }
        }).start();
        syncer = s;
        thread = Thread.ofVirtual().name("network-services").start(s);
    }

    private static List<String> list(String joined) {
        return Arrays.stream(joined.split(",")).map(String::strip).filter(p -> !p.isEmpty()).toList();
    }

    private static Key service(Obj slice) {
        return new Key(slice.namespace(), slice.labels().getOrDefault(Syncer.SERVICE_LABEL, ""));
    }

    private String zone() {
        return node.get(new Key("", settings.nodeName())).map(ServicesComponent::zone).orElse("");
    }

    private static String zone(Obj node) {
        return node.labels().getOrDefault(ZONE, "");
    }

    private void complain(Key service, String reason, String what) {
        services.get(service).ifPresent(s -> events.warning(s.put("apiVersion", "v1").put("kind", "Service"), reason, what));
    }

    /** Node ports on 127.0.0.1 need the kernel to route it; the table keeps strangers off. False where that may not be set. */
    private boolean loopback() {
        Path setting = proc.resolve("sys/net/ipv4/conf/all/route_localnet");
        try {
            if (!Files.readString(setting).strip().equals("1")) {
                Files.writeString(setting, "1");
            }
            return true;
        } catch (IOException e) {
            LOG.info("Node ports will not answer on 127.0.0.1: route_localnet cannot be set why={}", e.getMessage());
            return false;
        }
    }

    @Override
    public byte[] end() throws InterruptedException {
        if (thread == null) {
            return new byte[0];
        }
        syncer.dirty().close();
        if (!thread.join(Duration.ofSeconds(3))) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(1));
        }
        byte[] state = thread.isAlive() ? new byte[0] : syncer.state();
        thread = null;
        services.close();
        slices.close();
        node.close();
        health.close();
        events.close();
        return state;
    }

    @Override
    public Health health() {
        Syncer s = syncer;
        return s == null ? Health.IDLE : new Health(s.steps.get(), s.failures.get(), 0, s.trouble);
    }
}
