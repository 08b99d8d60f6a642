package io.manul.scheduler;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.preempt.Victims;
import io.manul.scheduler.queue.PodQueue;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pushes pods out for one of a higher priority: condition, deletion with their grace, event. */
final class Evictor {

    private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);

    private final Cluster cluster;
    private final PodQueue queue;
    private final PodStatus status;
    private final Events events;

    Evictor(Cluster cluster, PodQueue queue, PodStatus status, Events events) {
        this.cluster = cluster;
        this.queue = queue;
        this.status = status;
        this.events = events;
    }

    /** @param outranked pods of a lower priority that room was made for on the same node: they look elsewhere */
    void evict(PodInfo pod, Victims victims, List<PodInfo> outranked) throws InterruptedException {
        boolean ok = true;
        try {
            for (PodInfo p : outranked) {
                ok &= done(p, () -> status.denominate(p));
            }
            for (PodInfo v : victims.pods()) {
                if (!v.standing().deleting()) {
                    ok &= done(v, () -> push(v, pod, victims.node()));
                }
            }
        } finally {
            queue.released(pod.key(), ok);
        }
    }

    private interface Step {
        void run() throws ClusterException, InterruptedException;
    }

    /** @return false when it was not done, and must be tried again; a pod that is gone is well gone */
    private static boolean done(PodInfo pod, Step step) throws InterruptedException {
        try {
            step.run();
            return true;
        } catch (ClusterException e) {
            if (e.notFound() || e.code() == 409) {
                return true;
            }
            LOG.warn("A pod was not pushed out; its room is looked for again pod={} why={}", pod.key(), e.getMessage());
            return false;
        }
    }

    private void push(PodInfo victim, PodInfo pod, String node) throws ClusterException, InterruptedException {
        status.disrupted(victim, pod.wish().scheduler());
        cluster.delete(Resources.PODS, victim.key().namespace(), victim.key().name(), Propagation.DEFAULT, OptionalLong.empty(), victim.id().uid());
        events.normal(victim.reference(), "Preempted", "Preempted by pod " + pod.id().uid() + " on node " + node);
    }
}
