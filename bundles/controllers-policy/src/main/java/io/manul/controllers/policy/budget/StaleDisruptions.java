package io.manul.controllers.policy.budget;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Patch;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A pod that was to be disrupted and is still there 2 min later is not any more: its condition DisruptionTarget becomes False
 * (Kubernetes, "Disruptions", Pod disruption conditions).
 */
final class StaleDisruptions implements Reconciler {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final Informer pods;
    private final InstantSource clock;

    StaleDisruptions(Cluster cluster, Informer pods, InstantSource clock) {
        this.cluster = cluster;
        this.pods = pods;
        this.clock = clock;
    }

    static boolean concerns(Obj pod) {
        return since(pod).isPresent();
    }

    private static Optional<Instant> since(Obj pod) {
        String phase = pod.text("status", "phase");
        if (pod.deleting() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return Optional.empty();
        }
        return pod.objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals("DisruptionTarget") && c.text("status").equals("True") && !c.text("reason")
                        .equals("TerminationByKubelet"))
                .flatMap(c -> c.string("lastTransitionTime").stream()).map(Instant::parse).findFirst();
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> pod = pods.get(key);
        Optional<Instant> since = pod.flatMap(StaleDisruptions::since);
        if (since.isEmpty()) {
            return Outcome.SETTLED;
        }
        Instant now = clock.instant();
        Duration left = Duration.between(now, since.get().plus(TIMEOUT));
        if (left.isPositive()) {
            return new Outcome.Again(left, "it may go still");
        }
        Obj no = Obj.of("type", "DisruptionTarget", "status", "False", "reason", "", "message", "", "lastTransitionTime",
                now.truncatedTo(ChronoUnit.SECONDS).toString());
        cluster.patch(Resources.PODS, key.namespace(), key.name(), "status", Patch.STRATEGIC,
                Obj.of("metadata", Obj.of("uid", pod.get().uid()), "status", Obj.of("conditions", List.of(no))));
        return Outcome.SETTLED;
    }
}
