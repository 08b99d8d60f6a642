package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which active pods of a Job go: those without a valid index, all but the best of one index, then the cheapest to lose: without
 * a node, pending, not ready, restarted more often, younger. Pure.
 */
final class Surplus {

    private static final Comparator<Obj> CHEAPEST = Comparator.<Obj>comparingInt(p -> p.text("spec", "nodeName").isEmpty() ? 0 : 1)
            .thenComparingInt(p -> JobPod.phase(p).equals("Running") ? 2 : JobPod.phase(p).equals("Unknown") ? 1 : 0)
            .thenComparingInt(p -> JobPod.ready(p) ? 1 : 0)
            .thenComparingLong(p -> -p.objects("status", "containerStatuses").stream().mapToLong(c -> c.number("restartCount").orElse(0))
                    .max().orElse(0))
            .thenComparing(Comparator.comparing((Obj p) -> p.text("metadata", "creationTimestamp")).reversed())
            .thenComparing(Obj::uid);

    private Surplus() {
    }

    static List<Obj> of(Obj job, List<Obj> active, int atLeast) {
        List<Obj> going = new ArrayList<>();
        List<Obj> left = new ArrayList<>(active);
        left.sort(CHEAPEST);
        if (JobSpec.indexed(job)) {
            Map<Integer, Obj> best = new HashMap<>();
            left.stream().filter(p -> JobPod.indexOf(p, job)).forEach(p -> best.put(JobPod.index(p), p));
            left.stream().filter(p -> best.get(JobPod.index(p)) != p).forEach(going::add);
            left.removeAll(going);
        }
        int more = Math.min(left.size(), Math.max(0, atLeast - going.size()));
        going.addAll(left.subList(0, more));
        return going;
    }
}
