package io.manul.controllers.workload.deployment;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.util.Comparator;
import java.util.List;

/** The new ReplicaSet grows and the old ones shrink within maxSurge and maxUnavailable, one step a pass. */
final class RollingUpdate {

    /** Older ones first. */
    static final Comparator<Obj> AGE = Comparator.comparing((Obj s) -> s.text("metadata", "creationTimestamp")).thenComparing(Obj::name);

    private RollingUpdate() {
    }

    static void step(Rollout r) throws ClusterException, InterruptedException {
        Obj fresh = r.fresh.orElseThrow();
        if (!up(r, fresh)) {
            down(r, fresh);
        }
    }

    private static boolean up(Rollout r, Obj fresh) throws ClusterException, InterruptedException {
        long size = Rollout.replicas(fresh);
        if (size == r.wanted()) {
            return r.scale(fresh, size);
        }
        if (size > r.wanted()) {
            return r.scale(fresh, r.wanted());
        }
        long all = Rollout.sum(r.all(), "spec", "replicas");
        long room = r.wanted() + r.shares.surge() - all;
        return r.scale(fresh, size + Math.max(0, Math.min(room, r.wanted() - size)));
    }

    private static void down(Rollout r, Obj fresh) throws ClusterException, InterruptedException {
        if (Rollout.sum(r.old, "spec", "replicas") == 0) {
            return;
        }
        long least = r.wanted() - r.shares.unavailable();
        long missing = Rollout.replicas(fresh) - fresh.number("status", "availableReplicas").orElse(0);
        long most = Rollout.sum(r.all(), "spec", "replicas") - least - missing;
        if (most <= 0) {
            return;
        }
        unhealthy(r, most);
        healthy(r, least);
    }

    /** Pods that are not available go first: they are no loss. */
    private static void unhealthy(Rollout r, long most) throws ClusterException, InterruptedException {
        long done = 0;
        for (Obj set : byAge(r.old)) {
            long size = Rollout.replicas(set);
            long broken = size - set.number("status", "availableReplicas").orElse(0);
            long take = Math.min(most - done, Math.min(broken, size));
            if (take > 0) {
                r.scale(set, size - take);
                done += take;
            }
        }
    }

    private static void healthy(Rollout r, long least) throws ClusterException, InterruptedException {
        long available = Rollout.sum(r.all(), "status", "availableReplicas");
        long spare = available - least;
        for (Obj set : byAge(r.old)) {
            long size = Rollout.replicas(set);
            long take = Math.min(spare, size);
            if (take > 0) {
                r.scale(set, size - take);
                spare -= take;
            }
        }
    }

    static List<Obj> byAge(List<Obj> sets) {
        return sets.stream().sorted(AGE).toList();
    }
}
