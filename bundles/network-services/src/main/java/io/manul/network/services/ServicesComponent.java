package io.manul.network.services;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The Service room's life. The rules stay in the kernel while nobody acts: connections go on. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class ServicesComponent implements Component {

    /** Name of our nftables table. */
    static final String TABLE = "manul-services";

    private final Cluster cluster;
    private final Settings settings;

    // while acting; written by the updater's thread only
    private Informer services;
    private Informer slices;
    private Thread thread;
    private volatile Syncer syncer;

    @Activate
    public ServicesComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this.cluster = clusters.as("system:kube-proxy", List.of("system:node-proxiers"), "network-services");
        this.settings = settings;
    }

    @Override
    public String name() {
        return "network-services";
    }

    @Override
    public void begin(byte[] state) {
        services = cluster.informer(Resources.SERVICES, Selection.ALL);
        slices = cluster.informer(Resources.ENDPOINT_SLICES, Selection.ALL).index(Syncer.SERVICE_LABEL,
                s -> List.of(s.namespace() + "/" + s.labels().getOrDefault(Syncer.SERVICE_LABEL, "")));
        Syncer s = new Syncer(services, slices, new PortRules(settings.nodeName()), TABLE, settings.clusterCidr(), Tool.PROCESS);
        services.listen(c -> s.changed()).start();
        slices.listen(c -> s.changed()).start();
        syncer = s;
        thread = Thread.ofVirtual().name("network-services").start(s);
    }

    @Override
    public byte[] end() throws InterruptedException {
        if (thread != null) {
            syncer.close();
            if (!thread.join(Duration.ofSeconds(3))) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(1));
            }
            services.close();
            slices.close();
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
