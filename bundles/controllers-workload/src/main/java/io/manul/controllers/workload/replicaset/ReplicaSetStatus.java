package io.manul.controllers.workload.replicaset;

import io.manul.controllers.workload.PodState;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ReplicaSet.status from its pods. Pure. */
final class ReplicaSetStatus {

    private ReplicaSetStatus() {
    }

    /** @param failure why pods could not be made or removed, this time */
    static Obj of(Obj set, List<Obj> pods, Optional<String> failure, Instant now) {
        List<Obj> active = pods.stream().filter(PodState::active).toList();
        Map<String, String> template = set.stringMap("spec", "template", "metadata", "labels");
        long minReady = set.number("spec", "minReadySeconds").orElse(0);
        Obj status = Obj.of("replicas", active.size(),
                "fullyLabeledReplicas", count(active, p -> Selector.of(template).matches(p.labels())),
                "readyReplicas", count(active, PodState::ready),
                "availableReplicas", count(active, p -> PodState.available(p, minReady, now)),
                "terminatingReplicas", count(pods, p -> p.deleting() && !ended(p)),
                "observedGeneration", set.number("metadata", "generation").orElse(0));
        List<Obj> conditions = new ArrayList<>(set.objects("status", "conditions").stream()
                .filter(c -> !c.text("type").equals("ReplicaFailure")).toList());
        failure.ifPresent(message -> conditions.add(set.objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals("ReplicaFailure") && c.text("message").equals(message)).findFirst()
                .orElseGet(() -> Obj.of("type", "ReplicaFailure", "status", "True", "reason", "FailedCreate", "message", message,
                        "lastTransitionTime", now.toString()))));
        return conditions.isEmpty() ? status : status.put("conditions", conditions);
    }

    private static boolean ended(Obj p) {
        String phase = p.text("status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static long count(List<Obj> pods, java.util.function.Predicate<Obj> which) {
        return pods.stream().filter(which).count();
    }
}
