package io.manul.scheduler;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.SchedulerPlugin;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pod after the other: take, choose, bind or say why not. Runs on the scheduler's one virtual thread. */
final class Cycle implements Runnable {

    static final String SCHEDULER = "default-scheduler";
    private static final Logger LOG = LoggerFactory.getLogger(Cycle.class);

    private final Cluster cluster;
    private final Informer pods;
    private final PodQueue queue;
    private final NodeTable nodes;
    private final Supplier<List<SchedulerPlugin>> plugins;
    private final Events events;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile String trouble = "";

    Cycle(Cluster cluster, Informer pods, PodQueue queue, NodeTable nodes, Supplier<List<SchedulerPlugin>> plugins,
            Events events, InstantSource clock, RandomGenerator random) {
        this.cluster = cluster;
        this.pods = pods;
        this.queue = queue;
        this.nodes = nodes;
        this.plugins = plugins;
        this.events = events;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void run() {
        try {
            for (Key key = queue.take(); key != null; key = queue.take()) {
                step(key);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(Key key) throws InterruptedException {
        try {
            schedule(key);
            steps.incrementAndGet();
        } catch (ClusterException e) {
            // the world, not a bug: tried again after the back-off
            LOG.warn("A pod was not scheduled pod={} why={}", key, e.getMessage());
            queue.failed(key);
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            trouble = e.toString();
            LOG.error("Scheduling failed pod={}", key, e);
            queue.failed(key);
        }
    }

    private void schedule(Key key) throws ClusterException, InterruptedException {
        PodQueue.Changes changes = queue.changes();
        Optional<Obj> found = pods.get(key).filter(SchedulerComponent::wanted);
        if (found.isEmpty()) {
            queue.remove(key);
            return;
        }
        Obj pod = found.get();
        PodWish wish = Wishes.of(pod);
        Placement.Choice choice = new Placement(plugins.get(), random).choose(wish, nodes.states());
        if (choice.node().isPresent()) {
            bind(wish, choice.node().get());
            queue.remove(key);
        } else {
            queue.unplaced(key, changes, choice.crowded());
            unschedulable(pod, choice.message());
        }
    }

    private void bind(PodWish wish, String node) throws ClusterException, InterruptedException {
        Obj pod = wish.pod();
        nodes.assume(wish, node);
        try {
            cluster.post(Resources.PODS, pod.namespace(), pod.name(), "binding", Obj.of("apiVersion", "v1", "kind", "Binding",
                    "metadata", Obj.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                    "target", Obj.of("apiVersion", "v1", "kind", "Node", "name", node)));
        } catch (ClusterException e) {
            nodes.podGone(Key.of(pod));
            if (e.notFound() || e.code() == 409) {
                return; // gone, or bound by somebody else: the watch will say
            }
            throw e;
        }
        events.normal(pod, "Scheduled", "Successfully assigned " + Key.of(pod) + " to " + node);
    }

    private void unschedulable(Obj pod, String message) throws ClusterException, InterruptedException {
        Optional<Obj> before = pod.objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals("PodScheduled")).findFirst();
        events.warning(pod, "FailedScheduling", message);
        if (before.isPresent() && before.get().text("message").equals(message) && before.get().text("status").equals("False")) {
            return;
        }
        String now = Instant.ofEpochMilli(clock.millis()).truncatedTo(ChronoUnit.SECONDS).toString();
        Obj condition = Obj.of("type", "PodScheduled", "status", "False", "reason", "Unschedulable", "message", message,
                "observedGeneration", pod.get("metadata", "generation"), "lastTransitionTime", before.filter(c -> c.text("status").equals("False"))
                        .flatMap(c -> c.string("lastTransitionTime")).orElse(now));
        cluster.patch(Resources.PODS, pod.namespace(), pod.name(), "status", Patch.STRATEGIC,
                Obj.of("metadata", Obj.of("uid", pod.uid()), "status", Obj.of("conditions", List.of(condition))));
    }

    long steps() {
        return steps.get();
    }

    long failures() {
        return failures.get();
    }

    String trouble() {
        return trouble;
    }
}
