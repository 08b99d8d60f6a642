package io.manul.scheduler;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.scheduler.api.SchedulerPlugin;
import io.manul.scheduler.config.Configuration;
import io.manul.scheduler.config.Profiles;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.Placement;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Profile;
import io.manul.scheduler.framework.World;
import io.manul.scheduler.plugin.Registry;
import io.manul.scheduler.plugin.Vendor;
import io.manul.scheduler.preempt.Preemption;
import io.manul.scheduler.queue.PodQueue;
import io.manul.scheduler.volume.Storage;
import io.manul.scheduler.volume.VolumeBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A scheduler that acts, from {@link #start} to {@link #close}: informers, queue, loop and crew, wired. */
final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration LISTED = Duration.ofMinutes(1);

    private final Configuration config;
    private final World world = new World();
    private final PodQueue queue;
    private final Informer pods;
    private final Informer nodes;
    private final Informer budgets;
    private final Kin kin;
    private final Storage storage;
    private final Events events;
    private final Crew crew = new Crew();
    private final Profiles profiles;
    private final Cycle cycle;
    private volatile Map<String, Profile> current;
    private volatile boolean ending;
    private Thread thread;

    Scheduler(Cluster cluster, Configuration config, List<SchedulerPlugin> vendors) {
        this.config = config;
        this.queue = new PodQueue(System::nanoTime, new PodQueue.Pace(config.backoffFirst(), config.backoffMost()), this::helps);
        this.kin = new Kin(cluster);
        this.storage = new Storage(cluster, queue::changed);
        this.profiles = new Profiles(new Registry(world, storage, kin::of, kin::labels));
        this.nodes = cluster.informer(Resources.NODES, Selection.ALL);
        this.current = profiles.of(config, wrapped(vendors));
        Watcher watcher = new Watcher(world, queue, name -> current.containsKey(name));
        this.nodes.listen(watcher::node);
        this.pods = cluster.informer(Resources.PODS, Selection.ALL).keep(Kin::identity).listen(watcher::pod);
        this.budgets = cluster.informer(Resources.POD_DISRUPTION_BUDGETS, Selection.ALL);
        this.events = cluster.events("default-scheduler");
        RandomGenerator random = RandomGenerator.getDefault();
        PodStatus status = new PodStatus(cluster, InstantSource.system());
        long bindSeconds = config.profiles().getFirst().args("VolumeBinding").number("bindTimeoutSeconds").orElse(600);
        VolumeBinder volumes = new VolumeBinder(cluster, storage, Duration.ofSeconds(bindSeconds));
        this.cycle = new Cycle(new Cycle.Parts(world, queue, new Placement(world, random), new Preemption(world, budgets::list, random), storage, volumes,
                new Binder(cluster, world, queue, volumes, status, events, () -> ending), new Evictor(cluster, queue, status, events), status, events, crew,
                () -> current));
    }

    private List<Vendor> wrapped(List<SchedulerPlugin> vendors) {
        return vendors.stream().map(v -> new Vendor(v, n -> nodes.get(new Key("", n)).orElse(Obj.of("metadata", Obj.of("name", n))))).toList();
    }

    /** Plug-ins came or went: pods that found no place may find one by other rules. */
    void plugins(List<SchedulerPlugin> vendors) {
        List<Vendor> all = wrapped(vendors);
        current = profiles.of(config, all);
        profiles.unknown(config, all).forEach(n -> LOG.warn("A plug-in of the configuration is not there; it counts once its bundle is plugin={}", n));
        queue.changed(new Change.Rules());
    }

    private boolean helps(PodInfo pod, Set<String> blamed, Change change) {
        Profile profile = current.get(pod.wish().scheduler());
        if (change instanceof Change.Rules || profile == null) {
            return true;
        }
        if (blamed.isEmpty()) {
            return change instanceof Change.Node; // there were none
        }
        for (String name : blamed) {
            Plugin plugin = profile.plugin(name);
            if (plugin == null || plugin.concerns().contains(change.kind()) && plugin.helps(pod, change)) {
                return true;
            }
        }
        return false;
    }

    void start() {
        kin.start();
        nodes.start();
        pods.start();
        budgets.start();
        thread = Thread.ofVirtual().name("scheduler").start(() -> {
            try {
                // what is taken must be known before anything is placed
                while (!(nodes.awaitSynced(LISTED) && pods.awaitSynced(LISTED) && kin.awaitSynced(LISTED) && budgets.awaitSynced(LISTED))) {
                    LOG.warn("Waiting for nodes and pods to be listed");
                }
                cycle.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    Component.Health health() {
        return new Component.Health(cycle.steps(), cycle.failures(), 0, cycle.failures() == 0 ? "" : cycle.trouble());
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        queue.close();
        thread.interrupt();
        thread.join(Duration.ofSeconds(1));
        storage.close();
        crew.close();
        pods.close();
        nodes.close();
        budgets.close();
        kin.close();
        events.close();
    }
}
