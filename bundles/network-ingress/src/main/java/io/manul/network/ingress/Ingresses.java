package io.manul.network.ingress;

import io.manul.api.component.Component;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Events;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.LoggerFactory;

/** The room's life. HAProxy goes on while nobody acts: no connection is cut. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class Ingresses implements Component {

    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/haproxy"), Path.of("/usr/local/sbin/haproxy"), Path.of("/usr/bin/haproxy"));

    private final Cluster cluster;
    private final Settings settings;
    private final Pki pki;

    // while acting; written by the updater's thread only
    private InformedWorld world;
    private Events events;
    private Thread thread;
    private volatile Syncer syncer;

    @Activate
    public Ingresses(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki) {
        this.cluster = clusters.controller("ingress-controller", "network-ingress");
        this.settings = settings;
        this.pki = pki;
    }

    @Override
    public String name() {
        return "network-ingress";
    }

    @Override
    public void begin(byte[] state) throws IOException {
        Places places = new Places(settings.runDir().resolve("ingress"));
        Admin admin = Admin.at(places.admin());
        Config config = new Config(places, Files.exists(Path.of("/proc/net/if_inet6")), port("ingress-http-port", 80), port("ingress-https-port", 443),
                Files.readString(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).lines().anyMatch(l -> l.startsWith("haproxy:")));
        events = cluster.events("manul-ingress");
        Haproxy haproxy = new Haproxy(places, config, PROGRAMS, pki, admin);
        world = new InformedWorld(cluster, this::changed);
        Syncer s = new Syncer(world, haproxy, admin, places, new Statuses(cluster, settings.nodeName(), settings.nodeIp())::write, events);
        syncer = s;
        world.start();
        InformedWorld w = world;
        thread = Thread.ofVirtual().name("network-ingress").start(() -> act(w, s));
    }

    private static void act(InformedWorld world, Syncer syncer) {
        try {
            while (!world.awaitSynced(Duration.ofMinutes(1))) {
                LoggerFactory.getLogger(Ingresses.class).warn("Waiting for Ingresses and what they name to be listed");
            }
            syncer.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ended
        }
    }

    private int port(String flag, int usual) {
        return settings.other(flag).map(Integer::parseInt).orElse(usual);
    }

    private void changed() {
        Syncer s = syncer;
        if (s != null) {
            s.changed();
        }
    }

    @Override
    public byte[] end() throws InterruptedException {
        if (thread != null) {
            syncer.close();
            if (!thread.join(Duration.ofSeconds(3))) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(1));
            }
            world.close();
            events.close();
            thread = null;
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        Syncer s = syncer;
        return s == null ? Health.IDLE : new Health(s.steps.get(), s.failures.get(), 0, s.trouble);
    }
}
