package io.manul.manifests;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Events;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The manifest folder's life. Its work is idempotent: a new version applies every file once more and changes nothing. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class ManifestsComponent implements Component {

    private final Cluster cluster;
    private final Settings settings;
    private final Path root;

    // while acting; written by the updater's thread only
    private Events events;
    private Thread thread;
    private volatile Watcher watcher;

    @Activate
    public ManifestsComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        // it applies whatever the folder's owner, root, wants
        this.cluster = clusters.as("system:admin", List.of("system:masters"), "manifests");
        this.settings = settings;
        this.root = settings.dataDir().resolve("server/manifests");
    }

    @Override
    public String name() {
        return "manifests";
    }

    @Override
    public void begin(byte[] state) throws IOException {
        List<String> disabled = disabled();
        new Packaged(settings.home().resolve("manifests"), disabled, Map.of("CLUSTER_DOMAIN", settings.clusterDomain(), "CLUSTER_DNS",
                settings.clusterDns(), "DEFAULT_LOCAL_STORAGE_PATH", settings.other("default-local-storage-path")
                        .orElse(settings.dataDir().resolve("storage").toString()))).put(root);
        events = cluster.events("deploy@" + settings.nodeName());
        watcher = new Watcher(root, new Deployer(root, disabled, cluster, events));
        // a platform thread: the JDK's WatchService blocks its carrier
        thread = Thread.ofPlatform().daemon().name("manifests").start(watcher);
    }

    /** Who says no to k3s's Traefik wants nobody's Ingress. */
    private List<String> disabled() {
        return settings.disable().stream().flatMap(d -> d.equals("traefik") ? Stream.of(d, "ingress") : Stream.of(d)).toList();
    }

    @Override
    public byte[] end() throws IOException, InterruptedException {
        if (thread != null) {
            watcher.close();
            thread.interrupt();
            thread.join(Duration.ofSeconds(4));
            events.close();
            thread = null;
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        Watcher w = watcher;
        return w == null ? Health.IDLE : new Health(w.steps.get(), w.failures.get(), 0, "");
    }
}
