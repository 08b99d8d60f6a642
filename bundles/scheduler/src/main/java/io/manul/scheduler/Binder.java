package io.manul.scheduler;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.World;
import io.manul.scheduler.queue.PodQueue;
import io.manul.scheduler.volume.BindFailure;
import io.manul.scheduler.volume.VolumeBinder;
import io.manul.scheduler.volume.VolumeBinding;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the API where a pod runs, after its volumes; when that fails the pod looks for a node again. */
final class Binder {

    private static final Logger LOG = LoggerFactory.getLogger(Binder.class);

    private final Cluster cluster;
    private final World world;
    private final PodQueue queue;
    private final VolumeBinder volumes;
    private final PodStatus status;
    private final Events events;
    private final BooleanSupplier ending;

    Binder(Cluster cluster, World world, PodQueue queue, VolumeBinder volumes, PodStatus status, Events events, BooleanSupplier ending) {
        this.cluster = cluster;
        this.world = world;
        this.queue = queue;
        this.volumes = volumes;
        this.status = status;
        this.events = events;
        this.ending = ending;
    }

    /** @param pod as it waits @param assumed as it was put into the world */
    void bind(PodInfo pod, PodInfo assumed, VolumeBinding.Decision decision) throws InterruptedException {
        String node = assumed.standing().node();
        try {
            if (!decision.nothing()) {
                volumes.bind(decision, pod.key().namespace());
            }
            post(pod, node);
            events.normal(pod.reference(), "Scheduled", "Successfully assigned " + pod.key() + " to " + node);
        } catch (ClusterException | BindFailure e) {
            forget(assumed);
            if (e instanceof ClusterException c && (c.notFound() || c.code() == 409)) {
                queue.failed(pod.key()); // gone, or bound by somebody else: the watch will say, and takes it out of the queue
            } else if (!ending.getAsBoolean()) {
                failed(pod, e.getMessage());
            }
        } finally {
            volumes.forget(decision);
        }
    }

    private void post(PodInfo pod, String node) throws ClusterException, InterruptedException {
        cluster.post(Resources.PODS, pod.key().namespace(), pod.key().name(), "binding", Obj.of("apiVersion", "v1", "kind", "Binding",
                "metadata", Obj.of("name", pod.key().name(), "namespace", pod.key().namespace(), "uid", pod.id().uid()),
                "target", Obj.of("apiVersion", "v1", "kind", "Node", "name", node)));
    }

    private void forget(PodInfo assumed) {
        world.lock().lock();
        try {
            if (world.placed(assumed.key()) == assumed) {
                world.remove(assumed.key());
            }
        } finally {
            world.lock().unlock();
        }
        queue.changed(new Change.Pod(assumed, null));
    }

    private void failed(PodInfo pod, String why) throws InterruptedException {
        LOG.warn("A pod was not bound; it is tried again pod={} why={}", pod.key(), why);
        queue.failed(pod.key());
        events.warning(pod.reference(), "FailedScheduling", why);
        try {
            status.unscheduled(pod, "SchedulerError", why, pod.standing().nominated());
        } catch (ClusterException e) {
            LOG.debug("Status not written pod={} why={}", pod.key(), e.getMessage());
        }
    }
}
