package io.manul.controllers.workload.deployment;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.owner.Owners;
import io.manul.controllers.workload.Informers;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.InstantSource;
import java.util.List;

/** The Deployment controller, wired to its informers. */
public final class Deployments {

    private final Informers informers;
    private final Controller controller;

    private Deployments(Informers informers, Controller controller) {
        this.informers = informers;
        this.controller = controller;
    }

    /** Not started. */
    public static Controller controller(Cluster cluster, Informers informers, Events events, InstantSource clock) {
        Controller c = new Controller("deployment", new DeploymentReconciler(cluster, informers, events, clock),
                List.of(informers.deployments(), informers.sets(), informers.pods()));
        Deployments d = new Deployments(informers, c);
        informers.deployments().listen(change -> c.queue().add(Key.of(change.object())));
        informers.sets().listen(d::set);
        informers.pods().listen(d::pod);
        return c;
    }

    private void set(Informer.Change change) {
        owner(change.object());
        if (change.previous() != null) {
            owner(change.previous());
        }
        if (Owners.controller(change.object()).isEmpty() && change.kind() != Informer.Kind.DELETED) {
            informers.deployments().list(change.object().namespace()).stream()
                    .filter(d -> Selector.of(d.at("spec", "selector")).matches(change.object().labels()))
                    .forEach(d -> controller.queue().add(Key.of(d)));
        }
    }

    private void owner(Obj set) {
        Owners.controllerKey(set, "Deployment").ifPresent(controller.queue()::add);
    }

    /** Recreate waits for the last old pod. */
    private void pod(Informer.Change change) {
        if (change.kind() == Informer.Kind.DELETED) {
            Owners.controllerKey(change.object(), "ReplicaSet").flatMap(informers.sets()::get).ifPresent(this::owner);
        }
    }
}
