package io.manul.controllers.sets.daemonset;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.client.owner.Expectations;
import io.manul.json.Obj;
import java.util.List;
import java.util.OptionalLong;

/** Carries out a plan: at most 250 pods made and 250 removed at once. */
final class DaemonPods {

    private static final int BURST = 250;

    private final Cluster cluster;
    private final Expectations expectations;
    private final Events events;

    DaemonPods(Cluster cluster, Expectations expectations, Events events) {
        this.cluster = cluster;
        this.expectations = expectations;
        this.events = events;
    }

    void carryOut(Plan plan, Nodes nodes) throws ClusterException, InterruptedException {
        ClusterException failure = create(nodes, plan.create.subList(0, Math.min(BURST, plan.create.size())));
        for (Obj pod : plan.delete.subList(0, Math.min(BURST, plan.delete.size()))) {
            failure = delete(nodes.set, pod, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** In batches of 1, 2, 4, ...: when one fails, the batches after it are not tried. */
    private ClusterException create(Nodes nodes, List<String> where) throws InterruptedException {
        int done = 0;
        for (int batch = 1; done < where.size(); batch *= 2) {
            List<String> part = where.subList(done, Math.min(where.size(), done + batch));
            ClusterException failure = batch(nodes, part);
            if (failure != null) {
                return failure;
            }
            done += part.size();
        }
        return null;
    }

    private ClusterException batch(Nodes nodes, List<String> part) throws InterruptedException {
        ClusterException failure = null;
        expectations.create(nodes.set.uid(), part.size());
        for (String node : part) {
            try {
                Obj pod = cluster.create(Resources.PODS, nodes.set.namespace(), DaemonPod.of(nodes.set, node, nodes.hash));
                events.normal(nodes.set, "SuccessfulCreate", "Created pod: " + pod.name());
            } catch (ClusterException e) {
                expectations.created(nodes.set.uid());
                if (!(e.reason().equals("Forbidden") && e.getMessage().contains("being terminated"))) { // the namespace goes: nothing more is wanted
                    events.warning(nodes.set, "FailedCreate", "Error creating: " + e.getMessage());
                    failure = e;
                }
            }
        }
        return failure;
    }

    private ClusterException delete(Obj set, Obj pod, ClusterException before) throws InterruptedException {
        expectations.delete(set.uid(), pod.uid());
        try {
            if (cluster.delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, OptionalLong.empty(), pod.uid())) {
                events.normal(set, "SuccessfulDelete", "Deleted pod: " + pod.name());
            } else {
                expectations.deleted(set.uid(), pod.uid()); // its event may have come before we expected it
            }
            return before;
        } catch (ClusterException e) {
            expectations.deleted(set.uid(), pod.uid());
            if (e.conflict()) {
                return before; // another pod has that name by now
            }
            events.warning(set, "FailedDelete", "Error deleting: " + e.getMessage());
            return e;
        }
    }
}
