package io.manul.controllers.workload.deployment;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A Deployment whose size changed: without a rollout under way its one ReplicaSet gets the size; amid a rollout all of them
 * grow or shrink in proportion, without rolling on (Kubernetes, "Deployments", proportional scaling).
 */
final class Proportional {

    private Proportional() {
    }

    /** A size other than the one that the sets were last scaled for. */
    static boolean needed(Rollout r) {
        return active(r).stream().anyMatch(s -> Rollout.desiredReplicas(s).map(d -> d != r.wanted()).orElse(false));
    }

    private static List<Obj> active(Rollout r) {
        return r.all().stream().filter(s -> Rollout.replicas(s) > 0).toList();
    }

    static void scale(Rollout r) throws ClusterException, InterruptedException {
        List<Obj> active = active(r);
        if (active.size() <= 1) {
            Optional<Obj> only = active.isEmpty() ? r.fresh.or(() -> r.old.stream().max(RollingUpdate.AGE)) : Optional.of(active.getFirst());
            if (only.isPresent()) {
                r.scale(only.get(), r.wanted());
            }
        } else if (saturated(r)) {
            for (Obj set : r.old) {
                if (Rollout.replicas(set) > 0) {
                    r.scale(set, 0);
                }
            }
        } else if (r.rolling()) {
            spread(r, active);
        }
    }

    /** The new ReplicaSet has the whole size, and all of it is available. */
    private static boolean saturated(Rollout r) {
        return r.fresh.isPresent() && Rollout.replicas(r.fresh.get()) == r.wanted()
                && Rollout.desiredReplicas(r.fresh.get()).map(d -> d == r.wanted()).orElse(false)
                && r.fresh.get().number("status", "availableReplicas").orElse(0) == r.wanted();
    }

    private static void spread(Rollout r, List<Obj> active) throws ClusterException, InterruptedException {
        long allowed = r.wanted() > 0 ? r.wanted() + r.shares.surge() : 0;
        long add = allowed - Rollout.sum(active, "spec", "replicas");
        List<Obj> ordered = new ArrayList<>(active);
        // larger ones first; of equals the newer grows and the older shrinks
        Comparator<Obj> size = Comparator.comparingLong(Rollout::replicas).reversed();
        ordered.sort(size.thenComparing(add > 0 ? RollingUpdate.AGE.reversed() : RollingUpdate.AGE));
        long added = 0;
        long[] sizes = new long[ordered.size()];
        for (int i = 0; i < sizes.length; i++) {
            long part = add == 0 ? 0 : part(r, ordered.get(i), add - added);
            sizes[i] = Rollout.replicas(ordered.get(i)) + part;
            added += part;
        }
        sizes[0] = Math.max(0, sizes[0] + add - added);
        for (int i = 0; i < sizes.length; i++) {
            r.scale(ordered.get(i), sizes[i]);
        }
    }

    /** What one ReplicaSet gets of what is left to add (or, below zero, to take away). */
    private static long part(Rollout r, Obj set, long left) {
        long size = Rollout.replicas(set);
        if (left == 0) {
            return 0;
        }
        long share = -size;
        if (r.wanted() > 0) {
            long most = r.wanted() + r.shares.surge();
            long before = Rollout.mostReplicas(set).filter(m -> m > 0).orElse(r.deployment.number("status", "replicas").orElse(0));
            share = before == 0 ? 0 : Math.round((double) size * most / before) - size;
        }
        return left > 0 ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left);
    }
}
