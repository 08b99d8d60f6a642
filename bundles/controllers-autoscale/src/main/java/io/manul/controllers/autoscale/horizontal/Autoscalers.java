package io.manul.controllers.autoscale.horizontal;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import java.time.InstantSource;
import java.util.List;

/** The HorizontalPodAutoscaler controller, wired to its informer. */
public final class Autoscalers {

    private Autoscalers() {
    }

    /** Not started. */
    public static Controller controller(Cluster cluster, Informer autoscalers, Events events, InstantSource clock) {
        AutoscalerReconciler reconciler = new AutoscalerReconciler(cluster, autoscalers, events, clock);
        Controller controller = new Controller("horizontal-pod-autoscaler", reconciler, List.of(autoscalers));
        autoscalers.listen(c -> {
            if (c.kind() == Informer.Kind.DELETED) {
                reconciler.gone(c.object());
            } else if (c.previous() == null || !c.object().at("spec").equals(c.previous().at("spec"))) {
                controller.queue().add(Key.of(c.object())); // its own status brings it not
            }
        });
        return controller;
    }
}
