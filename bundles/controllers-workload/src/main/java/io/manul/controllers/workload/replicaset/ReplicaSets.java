package io.manul.controllers.workload.replicaset;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.controllers.workload.Informers;
import io.manul.controllers.workload.Owners;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.InstantSource;
import java.util.List;

/** The ReplicaSet controller, wired to its informers. */
public final class ReplicaSets {

    private final Informers informers;
    private final Expectations expectations = new Expectations(System::nanoTime);
    private Controller controller;

    private ReplicaSets(Informers informers) {
        this.informers = informers;
    }

    /** Not started. */
    public static Controller controller(Cluster cluster, Informers informers, Events events, InstantSource clock) {
        ReplicaSets r = new ReplicaSets(informers);
        r.controller = new Controller("replicaset", new ReplicaSetReconciler(cluster, informers, r.expectations, events, clock),
                List.of(informers.sets(), informers.pods()));
        informers.sets().listen(r::set);
        informers.pods().listen(r::pod);
        return r.controller;
    }

    private void set(Informer.Change change) {
        if (change.kind() == Informer.Kind.DELETED) {
            expectations.forget(change.object().uid());
        }
        controller.queue().add(Key.of(change.object()));
    }

    private void pod(Informer.Change change) {
        Obj pod = change.object();
        String owner = Owners.controller(pod).map(o -> o.text("uid")).orElse("");
        if (change.kind() == Informer.Kind.ADDED) {
            expectations.created(owner);
        }
        if (change.kind() == Informer.Kind.DELETED || pod.deleting()) {
            expectations.deleted(owner, pod.uid());
        }
        enqueue(pod);
        if (change.previous() != null) {
            enqueue(change.previous());
        }
        if (owner.isEmpty() && change.kind() != Informer.Kind.DELETED) {
            informers.sets().list(pod.namespace()).stream().filter(s -> Selector.of(s.at("spec", "selector")).matches(pod.labels()))
                    .forEach(s -> controller.queue().add(Key.of(s)));
        }
    }

    private void enqueue(Obj pod) {
        Owners.controllerKey(pod, "ReplicaSet").ifPresent(controller.queue()::add);
    }
}
