package io.manul.controllers.sets.daemonset;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.owner.Expectations;
import io.manul.client.owner.Owners;
import io.manul.controllers.sets.history.History;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** The DaemonSet controller, wired to its informers. */
public final class DaemonSets {

    private static final String KIND = "DaemonSet";
    private final Informer sets;
    private final Expectations expectations = new Expectations(System::nanoTime);
    private Controller controller;

    private DaemonSets(Informer sets) {
        this.sets = sets;
    }

    /** Not started. @param pods and @param revisions with the index {@link Owners#INDEX} */
    public static Controller controller(Cluster cluster, Informer pods, Informer revisions, Events events, InstantSource clock) {
        DaemonSets d = new DaemonSets(cluster.informer(Resources.DAEMON_SETS, Selection.ALL));
        Informer nodes = cluster.informer(Resources.NODES, Selection.ALL);
        DaemonHistory history = new DaemonHistory(cluster, new History(cluster, revisions, Resources.DAEMON_SETS, DaemonPod.HASH));
        d.controller = new Controller("daemonset", new DaemonSetReconciler(cluster, new DaemonSetReconciler.Informers(d.sets, pods, nodes),
                d.expectations, history, events, clock), List.of(d.sets, pods, revisions, nodes));
        d.sets.listen(d::set);
        pods.listen(d::pod);
        revisions.listen(d::revision);
        nodes.listen(d::node);
        return d.controller;
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
        owned(change);
    }

    /** One that is new with an owner concerns nobody: whoever made it knows (upstream's addHistory). */
    private void revision(Informer.Change change) {
        if (change.kind() != Informer.Kind.ADDED || Owners.controller(change.object()).isEmpty()) {
            owned(change);
        }
    }

    private void owned(Informer.Change change) {
        Obj object = change.object();
        Owners.controllerKey(object, KIND).ifPresent(controller.queue()::add);
        if (change.previous() != null) {
            Owners.controllerKey(change.previous(), KIND).ifPresent(controller.queue()::add);
        }
        if (Owners.controller(object).isEmpty() && change.kind() != Informer.Kind.DELETED) {
            sets.list(object.namespace()).stream().filter(s -> Selector.of(s.at("spec", "selector")).matches(object.labels()))
                    .forEach(s -> controller.queue().add(Key.of(s)));
        }
    }

    /** Labels and taints decide where pods are; a node's heartbeat does not concern us. */
    private void node(Informer.Change change) {
        Obj before = change.previous();
        boolean same = before != null && change.kind() == Informer.Kind.MODIFIED && before.labels().equals(change.object().labels())
                && Objects.equals(before.get("spec", "taints"), change.object().get("spec", "taints"));
        if (!same) {
            sets.keys().forEach(controller.queue()::add);
        }
    }
}
