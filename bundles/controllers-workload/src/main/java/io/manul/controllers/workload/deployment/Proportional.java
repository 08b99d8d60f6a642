package io.manul.controllers.workload.deployment;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A Deployment whose size changed amid a rollout: its ReplicaSets grow or shrink in proportion, without rolling on. */
final class Proportional {

    private Proportional() {
    }

    /** A size other than the one that the sets were last scaled for. */
    static boolean needed(Rollout r) {
        return r.all().stream().filter(s -> Rollout.replicas(s) > 0)
                .anyMatch(s -> Rollout.desiredReplicas(s).map(d -> d != r.wanted()).orElse(false));
    }

    static void scale(Rollout r) throws ClusterException, InterruptedException {
        List<Obj> active = new ArrayList<>(r.all().stream().filter(s -> Rollout.replicas(s) > 0).toList());
        if (active.size() <= 1) {
            Obj only = active.isEmpty() ? r.fresh.orElse(null) : active.getFirst();
            if (only != null) {
                r.scale(only, r.wanted());
            }
            return;
        }
        long allowed = r.wanted() > 0 ? r.wanted() + r.shares.surge() : 0;
        long now = Rollout.sum(r.all(), "spec", "replicas");
        long add = allowed - now;
        // larger sets first; growing favours the newer of equals, shrinking the older
        Comparator<Obj> order = Comparator.comparingLong(Rollout::replicas).reversed();
        active = new ArrayList<>(RollingUpdate.byAge(active));
        if (add > 0) {
            active = new ArrayList<>(active.reversed());
        }
        active.sort(order);
        long left = add;
        long[] sizes = new long[active.size()];
        for (int i = 0; i < sizes.length; i++) {
            Obj set = active.get(i);
            long size = Rollout.replicas(set);
            long base = Rollout.mostReplicas(set).filter(m -> m > 0).orElse(Math.max(1, now));
            long part = Math.round((double) size * allowed / base) - size;
            part = add > 0 ? Math.min(Math.max(part, 0), left) : Math.max(Math.min(part, 0), left);
            sizes[i] = size + part;
            left -= part;
        }
        sizes[0] = Math.max(0, sizes[0] + left);
        for (int i = 0; i < sizes.length; i++) {
            r.scale(active.get(i), sizes[i]);
        }
    }
}
