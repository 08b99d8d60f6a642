package io.manul.scheduler.preempt;

import io.manul.json.Obj;
import io.manul.scheduler.framework.LabelQuery;
import io.manul.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.List;

/** PodDisruptionBudgets, read for one search. */
final class Budgets {

    private record Budget(String namespace, LabelQuery pods, long allowed, Obj disrupted) {
    }

    private final List<Budget> all = new ArrayList<>();

    Budgets(List<Obj> budgets) {
        for (Obj b : budgets) {
            LabelQuery query = LabelQuery.at(b, "spec", "selector");
            if (!query.isEverything()) {
                all.add(new Budget(b.namespace(), query, b.number("status", "disruptionsAllowed").orElse(0), b.at("status", "disruptedPods")));
            }
        }
    }

    /** Those whose going a budget does not allow any more, counted in this order. */
    List<PodInfo> violating(List<PodInfo> pods) {
        long[] allowed = all.stream().mapToLong(Budget::allowed).toArray();
        List<PodInfo> violating = new ArrayList<>();
        for (PodInfo pod : pods) {
            boolean violated = false;
            for (int i = 0; i < allowed.length; i++) {
                Budget b = all.get(i);
                if (b.namespace.equals(pod.key().namespace()) && !pod.id().labels().isEmpty() && b.pods.matches(pod.id().labels())
                        && !b.disrupted.has(pod.key().name())) {
                    violated |= --allowed[i] < 0;
                }
            }
            if (violated) {
                violating.add(pod);
            }
        }
        return violating;
    }
}
