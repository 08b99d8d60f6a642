package io.manul.controllers.batch;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.batch.cron.CronJobs;
import io.manul.controllers.batch.job.Jobs;
import io.manul.controllers.batch.ttl.FinishedJobs;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class BatchControllers implements Component {

    private static final String ROOM = "controllers-batch";

    private final Clusters clusters;
    private final InstantSource clock;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private List<AutoCloseable> others = List.of();

    @Activate
    public BatchControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this(clusters, InstantSource.system());
    }

    public BatchControllers(Clusters clusters, InstantSource clock) {
        this.clusters = clusters;
        this.clock = clock;
    }

    @Override
    public String name() {
        return ROOM;
    }

    @Override
    public void begin(byte[] state) {
        Cluster job = clusters.controller("job-controller", ROOM);
        Cluster cron = clusters.controller("cronjob-controller", ROOM);
        Events ofJobs = job.events("job-controller");
        Events ofCrons = cron.events("cronjob-controller");
        Informer jobs = job.informer(Resources.JOBS, Selection.ALL).index(Owners.INDEX, Owners::index);
        Informer pods = job.informer(Resources.PODS, Selection.ALL).index(Owners.INDEX, Owners::index);
        Informer crons = cron.informer(Resources.CRON_JOBS, Selection.ALL);
        List<Controller> made = new ArrayList<>(Jobs.controllers(job, jobs, pods, ofJobs, clock));
        made.add(CronJobs.controller(cron, crons, jobs, ofCrons, clock));
        made.add(FinishedJobs.controller(clusters.controller("ttl-after-finished-controller", ROOM), jobs, clock));
        others = List.of(pods, ofJobs, ofCrons);
        made.forEach(c -> c.start(2));
        controllers = List.copyOf(made);
    }

    @Override
    public byte[] end() throws Exception {
        controllers.forEach(Controller::stop);
        controllers.forEach(Controller::close);
        controllers = List.of();
        for (AutoCloseable other : others) {
            other.close();
        }
        others = List.of();
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        return controllers.stream().allMatch(Controller::idle);
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
