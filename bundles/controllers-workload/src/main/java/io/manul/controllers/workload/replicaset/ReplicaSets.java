package io.manul.controllers.workload.replicaset;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.owner.Expectations;
import io.manul.client.owner.Owners;
import io.manul.controllers.workload.Informers;
import io.manul.json.Obj;
import java.time.InstantSource;
import java.util.List;

/** The ReplicaSet controller, wired to its informers; and what is the same of the ReplicationController. */
public final class ReplicaSets {

    private final Family family;
    private final Expectations expectations = new Expectations(System::nanoTime);
    private Controller controller;

    private ReplicaSets(Family family) {
        this.family = family;
    }

    /** Not started. */
    public static Controller controller(Cluster cluster, Informers informers, Events events, InstantSource clock) {
        return controller("replicaset", cluster, new Family(Resources.REPLICA_SETS, informers.sets(), informers.pods()), events, clock);
    }

    /** Not started. */
    public static Controller controller(String name, Cluster cluster, Family family, Events events, InstantSource clock) {
        ReplicaSets r = new ReplicaSets(family);
        r.controller = new Controller(name, new ReplicaSetReconciler(cluster, family, r.expectations, events, clock),
                List.of(family.sets(), family.pods()));
        family.sets().listen(r::set);
        family.pods().listen(r::pod);
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
            family.sets().list(pod.namespace()).stream().filter(s -> family.selector(s).matches(pod.labels()))
                    .forEach(s -> controller.queue().add(Key.of(s)));
        }
    }

    private void enqueue(Obj pod) {
        Owners.controllerKey(pod, family.resource().kind()).ifPresent(controller.queue()::add);
    }
}
