package io.manul.controllers.workload.replicaset;

import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Which pods go first when there are too many (Kubernetes, "ReplicaSet", scaling down): without a node, pending, not ready,
 * lower deletion cost, more company on the node, ready for a shorter time, restarted more often, younger. Times are compared
 * by their magnitude (KEP-2185), and what is alike by uid, so that not always the youngest goes.
 */
final class Ranking {

    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private Ranking() {
    }

    /** @param company pods of the same owner by node */
    static List<Obj> first(List<Obj> pods, int count, Map<String, Long> company, Instant now) {
        List<Obj> sorted = new ArrayList<>(pods);
        sorted.sort(by(p -> p.text("spec", "nodeName").isEmpty() ? 0 : 1)
                .thenComparing(by(p -> phase(p.text("status", "phase"))))
                .thenComparing(by(p -> PodState.ready(p) ? 1 : 0))
                .thenComparing(by(Ranking::cost))
                .thenComparing(by(p -> -company.getOrDefault(p.text("spec", "nodeName"), 0L)))
                .thenComparing(by(p -> PodState.readySince(p).map(s -> magnitude(s, now)).orElse(0L)))
                .thenComparing(by(p -> -p.objects("status", "containerStatuses").stream()
                        .mapToLong(c -> c.number("restartCount").orElse(0)).max().orElse(0)))
                .thenComparing(by(p -> p.string("metadata", "creationTimestamp").map(s -> magnitude(Instant.parse(s), now)).orElse(0L)))
                .thenComparing(Obj::uid));
        return sorted.subList(0, Math.min(count, sorted.size()));
    }

    /** The power of two of the seconds since then. */
    private static long magnitude(Instant since, Instant now) {
        long seconds = Duration.between(since, now).toSeconds();
        return seconds <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(seconds);
    }

    private static Comparator<Obj> by(ToLongFunction<Obj> key) {
        return Comparator.comparingLong(key);
    }

    private static int phase(String phase) {
        return switch (phase) {
            case "Pending", "" -> 0;
            case "Unknown" -> 1;
            default -> 2;
        };
    }

    private static long cost(Obj pod) {
        String cost = pod.annotations().getOrDefault(COST, "0");
        return cost.matches("-?[0-9]{1,10}") ? Long.parseLong(cost) : 0;
    }
}
