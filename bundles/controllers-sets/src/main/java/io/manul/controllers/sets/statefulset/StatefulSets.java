package io.manul.controllers.sets.statefulset;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.client.owner.Owners;
import io.manul.controllers.sets.history.History;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.InstantSource;
import java.util.List;

/** The StatefulSet controller, wired to its informers. */
public final class StatefulSets {

    private static final String KIND = "StatefulSet";
    private final Informer sets;
    private final Controller controller;

    private StatefulSets(Informer sets, Controller controller) {
        this.sets = sets;
        this.controller = controller;
    }

    /** Not started. @param pods and @param revisions with the index {@link Owners#INDEX} */
    public static Controller controller(Cluster cluster, Informer pods, Informer revisions, Events events, InstantSource clock) {
        Informer sets = cluster.informer(Resources.STATEFUL_SETS, Selection.ALL);
        Informer claims = cluster.informer(Resources.PERSISTENT_VOLUME_CLAIMS, Selection.ALL).metadataOnly();
        History history = new History(cluster, revisions, Resources.STATEFUL_SETS, "controller.kubernetes.io/hash");
        Controller c = new Controller("statefulset", new StatefulSetReconciler(cluster, sets, pods, history,
                new StatefulPods(cluster, claims, events), clock), List.of(sets, pods, revisions, claims));
        StatefulSets s = new StatefulSets(sets, c);
        sets.listen(change -> c.queue().add(Key.of(change.object())));
        pods.listen(s::owned);
        revisions.listen(s::revision);
        claims.listen(s::claim);
        return c;
    }

    /** One that is new with an owner concerns nobody: whoever made it knows. */
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

    /** A claim that is gone may be what a pod waits for; one that is new may need an owner. */
    private void claim(Informer.Change change) {
        if (change.kind() != Informer.Kind.MODIFIED) {
            String name = change.object().name();
            sets.list(change.object().namespace()).stream().filter(s -> s.objects("spec", "volumeClaimTemplates").stream()
                    .anyMatch(t -> name.startsWith(t.name() + "-" + s.name() + "-"))).forEach(s -> controller.queue().add(Key.of(s)));
        }
    }
}
