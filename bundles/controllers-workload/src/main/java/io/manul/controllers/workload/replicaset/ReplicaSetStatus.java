package io.manul.controllers.workload.replicaset;

import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** ReplicaSet.status from its pods. Pure. */
final class ReplicaSetStatus {

    private ReplicaSetStatus() {
    }

    /** @param failure why pods could not be made or removed, this time */
    static Obj of(Family family, Obj set, List<Obj> pods, Optional<ReplicaSetReconciler.Failure> failure, Instant now) {
        List<Obj> active = pods.stream().filter(PodState::active).toList();
        Selector template = Selector.of(set.stringMap("spec", "template", "metadata", "labels"));
        long minReady = set.number("spec", "minReadySeconds").orElse(0);
        Obj status = Obj.of("replicas", active.size(),
                "fullyLabeledReplicas", count(active, p -> template.matches(p.labels())),
                "readyReplicas", count(active, PodState::ready),
                "availableReplicas", count(active, p -> PodState.available(p, minReady, now)),
                "terminatingReplicas", family.countsTerminating() ? pods.stream().filter(p -> p.deleting() && !ended(p)).count() : null,
                "observedGeneration", set.number("metadata", "generation").orElse(0));
        List<Obj> conditions = new ArrayList<>(set.objects("status", "conditions"));
        Optional<Obj> before = conditions.stream().filter(c -> c.text("type").equals("ReplicaFailure")).findFirst();
        before.ifPresent(conditions::remove);
        failure.ifPresent(f -> conditions.add(before.orElseGet(() -> Obj.of("type", "ReplicaFailure", "status", "True", "reason", f.reason(),
                "message", f.message(), "lastTransitionTime", now.toString()))));
        return conditions.isEmpty() ? status : status.put("conditions", conditions);
    }

    private static boolean ended(Obj p) {
        String phase = p.text("status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Left out when none, as upstream. */
    private static Long count(List<Obj> pods, Predicate<Obj> which) {
        long n = pods.stream().filter(which).count();
        return n == 0 ? null : n;
    }
}
