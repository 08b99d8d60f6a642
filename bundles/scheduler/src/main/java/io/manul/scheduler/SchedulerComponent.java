package io.manul.scheduler;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.scheduler.api.SchedulerPlugin;
import io.manul.scheduler.plugin.Defaults;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferenceScope;

/** The scheduler's life: informers, queue and the one loop while it acts. Plug-ins come and go on the whiteboard. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class SchedulerComponent implements Component {

    private final Cluster cluster;
    private final List<SchedulerPlugin> vendors = new CopyOnWriteArrayList<>();

    // while acting; written by the updater's thread only
    private Informer pods;
    private Informer nodes;
    private Events events;
    private volatile PodQueue queue;
    private Thread thread;
    private volatile Cycle cycle;

    @Activate
    public SchedulerComponent(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this.cluster = clusters.as("system:kube-scheduler", List.of(), "scheduler");
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPlugin(SchedulerPlugin plugin) {
        vendors.add(plugin);
        wake();
    }

    void removePlugin(SchedulerPlugin plugin) {
        vendors.remove(plugin);
        wake();
    }

    /** Pods that found no place may find one by other rules, as after a change of a node. */
    private void wake() {
        PodQueue now = queue;
        if (now != null) {
            now.nodeChanged();
        }
    }

    private List<SchedulerPlugin> plugins() {
        List<SchedulerPlugin> all = new ArrayList<>(Defaults.all());
        all.addAll(vendors);
        return all;
    }

    @Override
    public String name() {
        return "scheduler";
    }

    @Override
    public void begin(byte[] state) {
        NodeTable table = new NodeTable();
        queue = new PodQueue(System::nanoTime);
        PodQueue q = queue;
        pods = cluster.informer(Resources.PODS, Selection.ALL).listen(c -> podChanged(c, table, q));
        nodes = cluster.informer(Resources.NODES, Selection.ALL).listen(c -> nodeChanged(c, table, q));
        events = cluster.events(Cycle.SCHEDULER);
        cycle = new Cycle(cluster, pods, q, table, this::plugins, events, InstantSource.system(), RandomGenerator.getDefault());
        Informer p = pods;
        Informer n = nodes;
        Cycle c = cycle;
        nodes.start();
        pods.start();
        thread = Thread.ofVirtual().name("scheduler").start(() -> {
            try {
                // what is taken must be known before anything is placed
                while (!(n.awaitSynced(Duration.ofMinutes(1)) && p.awaitSynced(Duration.ofMinutes(1)))) {
                    org.slf4j.LoggerFactory.getLogger(SchedulerComponent.class).warn("Waiting for nodes and pods to be listed");
                }
                c.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A pod that this scheduler places: no node yet, not going, no gate, ours by name. */
    static boolean wanted(Obj pod) {
        return pod.text("spec", "nodeName").isEmpty() && !pod.deleting() && pod.objects("spec", "schedulingGates").isEmpty()
                && pod.string("spec", "schedulerName").orElse(Cycle.SCHEDULER).equals(Cycle.SCHEDULER)
                && !pod.text("status", "phase").equals("Failed") && !pod.text("status", "phase").equals("Succeeded");
    }

    private static void podChanged(Informer.Change change, NodeTable table, PodQueue queue) {
        Key key = Key.of(change.object());
        if (change.kind() == Informer.Kind.DELETED) {
            table.podGone(key);
            queue.remove(key);
            queue.podGone();
        } else if (wanted(change.object())) {
            queue.offer(key, change.object().number("spec", "priority").orElse(0));
        } else {
            queue.remove(key);
            table.pod(change.object());
            String phase = change.object().text("status", "phase");
            if (phase.equals("Succeeded") || phase.equals("Failed")) {
                queue.podGone();
            }
        }
    }

    private static void nodeChanged(Informer.Change change, NodeTable table, PodQueue queue) {
        if (change.kind() == Informer.Kind.DELETED) {
            table.nodeGone(change.object().name());
            return;
        }
        table.node(change.object());
        if (change.previous() == null || !placing(change.previous()).equals(placing(change.object()))) {
            queue.nodeChanged();
        }
    }

    /** What of a node decides about pods; its heartbeat does not. */
    private static Obj placing(Obj node) {
        return Obj.of("spec", node.at("spec"), "labels", node.at("metadata", "labels"),
                "allocatable", node.at("status", "allocatable"));
    }

    @Override
    public byte[] end() throws InterruptedException {
        if (thread != null) {
            queue.close();
            thread.interrupt();
            thread.join(Duration.ofSeconds(4));
            pods.close();
            nodes.close();
            events.close();
            thread = null;
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        Cycle c = cycle;
        return c == null ? Health.IDLE : new Health(c.steps(), c.failures(), 0, c.failures() == 0 ? "" : c.trouble());
    }
}
