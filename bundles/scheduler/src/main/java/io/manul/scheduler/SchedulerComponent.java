package io.manul.scheduler;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.scheduler.api.SchedulerPlugin;
import io.manul.scheduler.config.BadConfiguration;
import io.manul.scheduler.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scheduler's life: it acts from begin to end. Plug-ins come and go on the whiteboard. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class SchedulerComponent implements Component {

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerComponent.class);

    private final Cluster cluster;
    private final Settings settings;
    private final List<SchedulerPlugin> vendors = new CopyOnWriteArrayList<>();
    /** While acting. */
    private volatile Scheduler scheduler;

    @Activate
    public SchedulerComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this.cluster = clusters.as("system:kube-scheduler", List.of(), "scheduler");
        this.settings = settings;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPlugin(SchedulerPlugin plugin) {
        vendors.add(plugin);
        told();
    }

    void removePlugin(SchedulerPlugin plugin) {
        vendors.remove(plugin);
        told();
    }

    private void told() {
        Scheduler now = scheduler;
        if (now != null) {
            now.plugins(List.copyOf(vendors));
        }
    }

    @Override
    public String name() {
        return "scheduler";
    }

    /** {@code --kube-scheduler-arg config=FILE}; of several the last counts. */
    private Configuration configuration() throws BadConfiguration {
        Optional<String> file = Optional.empty();
        for (String arg : settings.other("kube-scheduler-arg").orElse("").split(",")) {
            String plain = arg.strip().replaceFirst("^--", "");
            if (plain.startsWith("config=")) {
                file = Optional.of(plain.substring("config=".length()));
            } else if (!plain.isEmpty()) {
                LOG.warn("An argument of the scheduler has no meaning here; only config=FILE has argument={}", plain);
            }
        }
        return file.isPresent() ? Configuration.read(Path.of(file.get())) : Configuration.DEFAULT;
    }

    @Override
    public void begin(byte[] state) throws BadConfiguration {
        scheduler = new Scheduler(cluster, configuration(), List.copyOf(vendors));
        scheduler.start();
        told();
    }

    @Override
    public byte[] end() throws InterruptedException {
        Scheduler now = scheduler;
        scheduler = null;
        if (now != null) {
            now.close();
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        Scheduler now = scheduler;
        return now == null ? Health.IDLE : now.health();
    }
}
