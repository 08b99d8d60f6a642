package io.manul.scheduler.preempt;

import io.manul.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Who would have to go from a node.
 *
 * @param pods      the most important first; never empty
 * @param violating how many of them go against a disruption budget
 */
public record Victims(String node, List<PodInfo> pods, int violating) {

    /** Higher priority first, then the one that runs longer. */
    static final Comparator<PodInfo> MORE_IMPORTANT = Comparator.comparingInt((PodInfo p) -> -p.priority()).thenComparing(Victims::started);

    /** Times of the API compare as text; a pod that has not started began just now. */
    private static String started(PodInfo pod) {
        return pod.standing().started().isEmpty() ? "9" : pod.standing().started();
    }

    private long highest() {
        return pods.getFirst().priority();
    }

    private long sum() {
        return pods.stream().mapToLong(p -> p.priority() + (1L << 31)).sum();
    }

    /** When the longest running of the most important began. */
    private String earliest() {
        return pods.stream().filter(p -> p.priority() == highest()).map(Victims::started).min(Comparator.naturalOrder()).orElse("9");
    }

    /** The best of them, by upstream's criteria in order: budgets, highest priority, sum of priorities, number, latest start. */
    static Victims best(List<Victims> candidates) {
        List<Victims> left = candidates;
        List<ToLongFunction<Victims>> criteria = List.of(Victims::violating, Victims::highest, Victims::sum, v -> v.pods.size());
        for (ToLongFunction<Victims> c : criteria) {
            long least = left.stream().mapToLong(c).min().orElseThrow();
            left = left.stream().filter(v -> c.applyAsLong(v) == least).toList();
        }
        return new ArrayList<>(left).stream().max(Comparator.comparing(Victims::earliest)).orElseThrow();
    }
}
