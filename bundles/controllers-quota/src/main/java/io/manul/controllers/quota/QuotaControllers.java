package io.manul.controllers.quota;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resource;
import io.manul.client.Selection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class QuotaControllers implements Component {

    static final Resource QUOTAS = new Resource("", "v1", "resourcequotas", "ResourceQuota", true);
    private static final String ROOM = "controllers-quota";
    /** What was booked and then not stored is taken back after this. */
    private static final Duration CHECK = Duration.ofSeconds(5);

    private final Clusters clusters;
    private final InstantSource clock;

    // while acting; written by the updater's thread only
    private volatile Controller controller;
    private Counted counted;

    @Activate
    public QuotaControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this(clusters, InstantSource.system());
    }

    QuotaControllers(Clusters clusters, InstantSource clock) {
        this.clusters = clusters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return ROOM;
    }

    @Override
    public void begin(byte[] state) {
        Cluster cluster = clusters.controller("resourcequota-controller", ROOM);
        Informer quotas = cluster.informer(QUOTAS, Selection.ALL);
        Counted objects = new Counted(cluster, quotas);
        QuotaReconciler reconciler = new QuotaReconciler(cluster, quotas, objects, clock);
        Controller c = new Controller("resourcequota", reconciler, List.of(quotas));
        objects.queue(c.queue());
        quotas.listen(change -> {
            Key key = Key.of(change.object());
            boolean booked = change.kind() == Informer.Kind.MODIFIED && change.previous().at("spec").equals(change.object().at("spec"));
            if (booked && !change.previous().at("status").equals(change.object().at("status"))) {
                reconciler.booked(key);
                c.queue().addAfter(key, CHECK);
            } else if (!booked) {
                c.queue().add(key);
            }
        });
        counted = objects;
        c.start(1);
        controller = c;
    }

    @Override
    public byte[] end() {
        Controller c = controller;
        if (c != null) {
            c.stop();
            counted.close();
            c.close();
            controller = null;
        }
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        Controller c = controller;
        return c == null || c.idle();
    }

    @Override
    public Health health() {
        Controller c = controller;
        return Controller.sum(c == null ? List.of() : List.of(c));
    }
}
