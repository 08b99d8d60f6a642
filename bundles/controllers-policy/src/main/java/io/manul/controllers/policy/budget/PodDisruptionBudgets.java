package io.manul.controllers.policy.budget;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The disruption controller, wired to its informers. */
public final class PodDisruptionBudgets {

    /** Pods become ready in swarms. */
    private static final Duration BATCH = Duration.ofMillis(50);

    private final Informer budgets;
    private final Events events;
    private Controller controller;
    private Controller stale;

    private PodDisruptionBudgets(Informer budgets, Events events) {
        this.budgets = budgets;
        this.events = events;
    }

    /** Not started. @param pods opened with the first budget, closed by the caller */
    public static List<Controller> controllers(Cluster cluster, Informer budgets, Informer pods, Events events, InstantSource clock) {
        PodDisruptionBudgets p = new PodDisruptionBudgets(budgets, events);
        p.controller = new Controller("disruption", new BudgetReconciler(cluster, budgets, pods, events, clock), List.of(budgets));
        p.stale = new Controller("stale-disruption", new StaleDisruptions(cluster, pods, clock), List.of(budgets));
        budgets.listen(c -> p.controller.queue().add(Key.of(c.object())));
        pods.listen(p::pod);
        return List.of(p.controller, p.stale);
    }

    private void pod(Informer.Change change) {
        Obj pod = change.object();
        enqueue(pod, change.kind() == Informer.Kind.ADDED);
        if (change.previous() != null && !change.previous().labels().equals(pod.labels())) {
            enqueue(change.previous(), false);
        }
        if (change.kind() != Informer.Kind.DELETED && StaleDisruptions.concerns(pod)) {
            stale.queue().add(Key.of(pod));
        }
    }

    private void enqueue(Obj pod, boolean first) {
        List<Obj> mine = budgets.list(pod.namespace()).stream()
                .filter(b -> b.has("spec", "selector") && Selector.of(b.at("spec", "selector")).matches(pod.labels())).toList();
        mine.forEach(b -> controller.queue().addAfter(Key.of(b), BATCH));
        if (first && mine.size() > 1) {
            events.warning(pod.put("kind", "Pod").put("apiVersion", "v1"), "MultiplePodDisruptionBudgets", "Pod \"" + pod.namespace()
                    + "\"/\""
                    + pod.name() + "\" matches multiple PodDisruptionBudgets.  Chose \"" + mine.getFirst().name() + "\" arbitrarily.");
        }
    }
}
