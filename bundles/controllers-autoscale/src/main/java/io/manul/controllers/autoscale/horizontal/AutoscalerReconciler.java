package io.manul.controllers.autoscale.horizontal;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import io.manul.model.Selector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every 15 s: the target's scale, what each metric proposes, the most of it within its limits, the new scale, the status. What it
 * decides follows kube-controller-manager 1.36, pkg/controller/podautoscaler. Pods are read when they are needed, not cached.
 */
final class AutoscalerReconciler implements Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(AutoscalerReconciler.class);
    static final Duration PERIOD = Duration.ofSeconds(15);
    private static final double TOLERANCE = 0.1;
    private static final String NO_SCALE = "the HPA controller was unable to get the target's current scale: ";

    private final Cluster cluster;
    private final Informer autoscalers;
    private final Events events;
    private final InstantSource clock;
    private final Targets targets;
    private final Proposals proposals;
    private final History history = new History();
    /** Which pods the others of a namespace control, by autoscaler. */
    private final Map<Key, Selector> selectors = new ConcurrentHashMap<>();

    AutoscalerReconciler(Cluster cluster, Informer autoscalers, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.autoscalers = autoscalers;
        this.events = events;
        this.clock = clock;
        this.targets = new Targets(cluster);
        this.proposals = new Proposals(new Metrics(cluster), targets);
    }

    void gone(Obj autoscaler) {
        history.forget(autoscaler.uid());
        selectors.remove(Key.of(autoscaler));
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = autoscalers.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        Obj autoscaler = found.get().put("kind", "HorizontalPodAutoscaler").put("apiVersion", "autoscaling/v2");
        Obj before = autoscaler.at("status").copy();
        try {
            scale(autoscaler);
        } catch (Unable e) {
            LOG.debug("Not scaled; tried again autoscaler={} why={}", key, e.getMessage());
        }
        if (!autoscaler.at("status").equals(before)) {
            status(autoscaler);
        }
        return new Outcome.Again(PERIOD, "metrics change");
    }

    private void status(Obj autoscaler) throws ClusterException, InterruptedException {
        try {
            cluster.update(Resources.HORIZONTAL_POD_AUTOSCALERS, autoscaler.namespace(), "status", autoscaler);
        } catch (ClusterException e) {
            if (!e.conflict() && !e.notFound()) {
                events.warning(autoscaler, "FailedUpdateStatus", e.getMessage());
            }
            throw e;
        }
    }

    private void scale(Obj autoscaler) throws Unable, InterruptedException {
        Instant now = clock.instant();
        Obj reference = autoscaler.at("spec", "scaleTargetRef");
        Obj scale = target(autoscaler, reference, now);
        Conditions.set(autoscaler, "AbleToScale", "True", "SucceededGetScale",
                "the HPA controller was able to get the target's current scale", now);
        long current = scale.number("spec", "replicas").orElse(0);
        History.One past = history.of(autoscaler.uid());
        past.begin(current, now);
        long min = autoscaler.number("spec", "minReplicas").orElse(1);
        long max = autoscaler.number("spec", "maxReplicas").orElse(1);
        Obj status = autoscaler.make("status");
        status.put("currentReplicas", current);
        if (current == 0) {
            Conditions.set(autoscaler, "ScalingActive", "False", "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero", now);
            status.put("desiredReplicas", 0).put("currentMetrics", null);
        } else if (current > max || current < min) {
            status.put("currentMetrics", null);
            resize(autoscaler, scale, current > max ? max : min, "Current number of replicas "
                    + (current > max ? "above Spec.MaxReplicas" : "below Spec.MinReplicas"), now);
        } else {
            Proposals.Proposal most = proposed(autoscaler, scale, now);
            long wanted = new Limits(autoscaler, past, current, now).of(most.replicas());
            String reason = most.replicas() > current ? most.metric() + " above target" : most.replicas() < current
                    ? "All metrics below target" : "";
            resize(autoscaler, scale, wanted, reason, now);
        }
    }

    private Obj target(Obj autoscaler, Obj reference, Instant now) throws Unable, InterruptedException {
        try {
            return targets.scale(reference, autoscaler.namespace());
        } catch (ClusterException e) {
            events.warning(autoscaler, "FailedGetScale", e.getMessage());
            Conditions.set(autoscaler, "AbleToScale", "False", "FailedGetScale", NO_SCALE + e.getMessage(), now);
            throw new Unable(e.getMessage());
        }
    }

    /** The most that any metric asks for. With some of them failing it only goes up. */
    private Proposals.Proposal proposed(Obj autoscaler, Obj scale, Instant now) throws Unable, InterruptedException {
        long current = scale.number("spec", "replicas").orElse(0);
        List<Obj> metrics = autoscaler.objects("spec", "metrics");
        List<Obj> statuses = new ArrayList<>();
        Unable first = null;
        int failed = 0;
        Proposals.Proposal most = new Proposals.Proposal(0, "", Obj.of());
        Proposals.Sight sight = sight(autoscaler, scale, now);
        for (Obj metric : metrics) {
            try {
                Proposals.Proposal p = proposals.of(metric, sight);
                statuses.add(p.status());
                most = most.metric().isEmpty() || p.replicas() > most.replicas() ? p : most;
            } catch (Unable e) {
                events.warning(autoscaler, e.reason(), e.getMessage());
                statuses.add(Obj.of("type", ""));
                first = first == null ? e : first;
                failed++;
            }
        }
        autoscaler.make("status").put("currentMetrics", statuses);
        if (failed > 0 && (failed >= metrics.size() || most.replicas() < current)) {
            Conditions.set(autoscaler, "ScalingActive", "False", first.reason(), "the HPA was unable to compute the replica count: "
                    + first.getMessage(), now);
            throw told(autoscaler, "invalid metrics (" + failed + " invalid out of " + metrics.size() + "), first error is: "
                    + first.whole());
        }
        Conditions.set(autoscaler, "ScalingActive", "True", "ValidMetricFound",
                "the HPA was able to successfully calculate a replica count from " + most.metric(), now);
        return most;
    }

    private Unable told(Obj autoscaler, String why) {
        events.warning(autoscaler, "FailedComputeMetricsReplicas", why);
        return new Unable(why);
    }

    private Proposals.Sight sight(Obj autoscaler, Obj scale, Instant now) throws Unable, InterruptedException {
        String text = scale.text("status", "selector");
        if (text.isEmpty()) {
            throw selector(autoscaler, "SelectorRequired", "selector is required", "the HPA target's scale is missing a selector", now);
        }
        Optional<Selector> selector = TextSelector.parse(text);
        if (selector.isEmpty()) {
            String why = "couldn't convert selector into a corresponding internal selector object: " + text;
            throw selector(autoscaler, "InvalidSelector", why, why, now);
        }
        selectors.put(Key.of(autoscaler), selector.get());
        List<Obj> pods;
        try {
            pods = cluster.list(Resources.PODS, Selection.in(autoscaler.namespace()).labels(text)).items();
        } catch (ClusterException e) {
            throw told(autoscaler, "unable to get pods while calculating replica count: " + e.getMessage());
        }
        List<Key> others = selectors.entrySet().stream().filter(e -> e.getKey().namespace().equals(autoscaler.namespace()))
                .filter(e -> pods.stream().anyMatch(p -> e.getValue().matches(p.labels()))).map(Map.Entry::getKey).sorted().toList();
        if (others.size() > 1) {
            String why = "pods by selector " + text + " are controlled by multiple HPAs: " + others;
            events.warning(autoscaler, "AmbiguousSelector", why);
            Conditions.set(autoscaler, "ScalingActive", "False", "AmbiguousSelector", why, now);
            throw told(autoscaler, why);
        }
        return new Proposals.Sight(autoscaler, scale.number("spec", "replicas").orElse(0), scale.number("status", "replicas").orElse(0),
                text, pods,
                tolerance(autoscaler.at("spec", "behavior")), now);
    }

    private Unable selector(Obj autoscaler, String event, String why, String condition, Instant now) {
        events.warning(autoscaler, event, why);
        Conditions.set(autoscaler, "ScalingActive", "False", "InvalidSelector", condition, now);
        return told(autoscaler, why);
    }

    private static Calculator.Tolerance tolerance(Obj behavior) {
        return new Calculator.Tolerance(tolerance(behavior.get("scaleDown", "tolerance")), tolerance(behavior.get("scaleUp", "tolerance")));
    }

    private static double tolerance(Object own) {
        return own == null ? TOLERANCE : Quantity.parse(String.valueOf(own)).map(Number::doubleValue).orElse(TOLERANCE);
    }

    private void resize(Obj autoscaler, Obj scale, long wanted, String reason, Instant now) throws Unable, InterruptedException {
        long current = scale.number("spec", "replicas").orElse(0);
        if (wanted != current) {
            try {
                targets.resize(autoscaler.at("spec", "scaleTargetRef"), autoscaler.namespace(), scale, wanted);
            } catch (ClusterException e) {
                events.warning(autoscaler, "FailedRescale", "New size: " + wanted + "; reason: " + reason + "; error: " + e.getMessage());
                Conditions.set(autoscaler, "AbleToScale", "False", "FailedUpdateScale",
                        "the HPA controller was unable to update the target scale: " + e.getMessage(), now);
                throw new Unable(e.getMessage());
            }
            Conditions.set(autoscaler, "AbleToScale", "True", "SucceededRescale",
                    "the HPA controller was able to update the target scale to " + wanted, now);
            events.normal(autoscaler, "SuccessfulRescale", "New size: " + wanted + "; reason: " + reason);
            history.of(autoscaler.uid()).resized(current, wanted, now);
            autoscaler.make("status").put("lastScaleTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        autoscaler.make("status").put("desiredReplicas", wanted);
    }
}
