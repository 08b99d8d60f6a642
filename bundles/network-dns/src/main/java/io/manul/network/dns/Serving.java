package io.manul.network.dns;

import io.manul.api.component.Component.Health;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.network.dns.config.Config;
import io.manul.network.dns.config.Hosts;
import io.manul.network.dns.config.Problem;
import io.manul.network.dns.zone.ClusterZone;
import io.manul.network.dns.zone.Index;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that runs while names are answered; closed once. */
final class Serving implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final Duration FIRST_LISTS = Duration.ofSeconds(3);
    private static final int MOST_TOLD = 10;

    private final Informer services;
    private final Informer slices;
    private final Informer namespaces;
    private final Informer nodes;
    private final Informer configs;
    private final List<Informer> informers;
    private final Events events;
    private final Index index = new Index();
    private final Resolver resolver;
    private final Responder responder;
    private final Controller keeper;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("network-dns-side-", 0).factory());
    private volatile String nodeHosts = "";

    Serving(Cluster cluster, Settings settings, Sockets sockets) {
        events = cluster.events("coredns");
        services = cluster.informer(Resources.SERVICES, Selection.ALL).keep(Serving::identity);
        slices = cluster.informer(Resources.ENDPOINT_SLICES, Selection.ALL).keep(Serving::identity);
        namespaces = cluster.informer(Resources.NAMESPACES, Selection.ALL).metadataOnly();
        nodes = cluster.informer(Resources.NODES, Selection.ALL).keep(NodeHosts::kept);
        configs = cluster.informer(Resources.CONFIG_MAPS, Selection.in(Objects.NAMESPACE)).keep(Objects::kept);
        informers = List.of(services, slices, namespaces, nodes, configs);

        SecureRandom random = new SecureRandom();
        InetAddress own = InetAddress.ofLiteral(settings.clusterDns());
        Loops loops = new Loops(random, threads);
        Upstreams upstreams = new Upstreams(Path.of(settings.other("resolv-conf").orElse("/etc/resolv.conf")), own, random, loops::look);
        int serial = (int) (System.currentTimeMillis() / 1000);
        ClusterZone zone = new ClusterZone(index, settings.clusterDomain(), own.getAddress(), () -> serial);
        resolver = new Resolver(zone, this::synced, upstreams, Config.of(Map.of()));
        responder = new Responder(resolver, loops, random);
        Keeper keeping = new Keeper(cluster, settings.clusterDns(), nodes);
        boolean writes = settings.other("server").orElse("").isEmpty(); // an agent only answers
        keeper = new Controller("network-dns-objects", keeping, writes ? informers : List.of());
        listen(keeping);
        if (writes) {
            keeper.start(1);
            keeper.queue().add(Keeper.SERVICE);
            keeper.queue().add(Keeper.CONFIG);
        } else {
            informers.forEach(Informer::start);
        }
        sockets.serve(responder, this::awaitLists);
    }

    private static Obj identity(Obj object) {
        Obj metadata = Obj.of("name", object.name(), "namespace", object.namespace(), "uid", object.uid(), "resourceVersion",
                object.resourceVersion());
        String service = object.labels().get(Index.SERVICE_LABEL);
        return Obj.of("metadata", service == null ? metadata : metadata.put("labels", Obj.of(Index.SERVICE_LABEL, service)));
    }

    private void listen(Keeper keeping) {
        services.listen(index::service).listen(c -> {
            if (c.object().name().equals(Objects.SERVICE) && c.object().namespace().equals(Objects.NAMESPACE)) {
                keeper.queue().add(Keeper.SERVICE);
            }
        });
        slices.listen(index::slice);
        namespaces.listen(index::namespace);
        nodes.listen(c -> {
            keeping.node(c);
            hosts();
            keeper.queue().add(Keeper.CONFIG);
        });
        configs.listen(this::configured);
    }

    private void configured(Informer.Change change) {
        boolean gone = change.kind() == Informer.Kind.DELETED;
        switch (change.object().name()) {
            case Objects.CONFIG -> {
                nodeHosts = gone ? "" : change.object().text("data", "NodeHosts");
                hosts();
                keeper.queue().add(Keeper.CONFIG);
            }
            case Objects.CUSTOM -> custom(gone ? Map.of() : Objects.data(change.object()), change.object());
            default -> { }
        }
    }

    private void custom(Map<String, String> data, Obj object) {
        Config config = Config.of(data);
        resolver.config(config);
        LOG.info("DNS configuration read configmap=kube-system/{} servers={} problems={}", Objects.CUSTOM, config.blocks().size(),
                config.problems().size());
        Obj about = Obj.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", object.get("metadata"));
        for (Problem p : config.problems().stream().limit(MOST_TOLD).toList()) {
            LOG.warn("Part of the DNS configuration is left out configmap=kube-system/{} what={}", Objects.CUSTOM, p);
            events.warning(about, "ConfigurationLeftOut", p.toString());
        }
    }

    /** Names of nodes: from the Nodes, and what somebody else wrote beside them. */
    private void hosts() {
        String text = nodeHosts + "\n" + NodeHosts.lines(nodes.list()).stream().collect(Collectors.joining("\n"));
        resolver.nodes(Hosts.of(text.lines().distinct().collect(Collectors.joining("\n")), NodeHosts.TTL));
    }

    private boolean synced() {
        return services.synced() && slices.synced() && namespaces.synced();
    }

    /** Without the API the rest of the world's names are answered all the same. */
    private void awaitLists() {
        try {
            long end = System.nanoTime() + FIRST_LISTS.toNanos();
            for (Informer i : List.of(services, slices, namespaces, configs, nodes)) {
                i.awaitSynced(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
            LOG.info("Names are answered {}", synced() ? "index=" + index.size() : "but the cluster's, until the API answers");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    Health health() {
        Health h = keeper.health();
        return new Health(h.steps() + responder.queries.get(), h.failures() + responder.failures.get(), h.stuckMillis(), h.message());
    }

    @Override
    public void close() {
        keeper.stop();
        informers.forEach(Informer::close);
        events.close();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("Another name server is still being asked after 1 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
