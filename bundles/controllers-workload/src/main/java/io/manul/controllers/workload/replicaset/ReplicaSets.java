package io.manul.controllers.workload.replicaset;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.workload.Owners;
import io.manul.json.Obj;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The ReplicaSet controller, wired to its informers. */
public final class ReplicaSets {

    private ReplicaSets() {
    }

    public static Controller start(Cluster cluster, Events events) {
        Informer sets = cluster.informer(Resources.REPLICA_SETS, Selection.ALL);
        Informer pods = cluster.informer(Resources.PODS, Selection.ALL)
                .index("owner", p -> Owners.controller(p).map(o -> List.of(o.text("uid"))).orElse(List.of()));
        Expectations expectations = new Expectations(System::nanoTime);
        Controller c = new Controller("replicaset", new ReplicaSetReconciler(cluster, sets, pods, expectations, events, InstantSource.system()),
                List.of(sets, pods));
        sets.listen(change -> c.queue().add(Key.of(change.object())));
        pods.listen(change -> {
            Optional<Key> owner = set(change.object());
            if (owner.isPresent()) {
                if (change.kind() == Informer.Kind.ADDED) {
                    expectations.created(owner.get());
                }
                if (change.kind() == Informer.Kind.DELETED || change.object().deleting()) {
                    expectations.deleted(owner.get(), change.object().uid());
                }
                c.queue().add(owner.get());
            } else if (Owners.controller(change.object()).isEmpty()) {
                sets.list(change.object().namespace()).stream()
                        .filter(s -> io.manul.model.Selector.of(s.at("spec", "selector")).matches(change.object().labels()))
                        .forEach(s -> c.queue().add(Key.of(s)));
            }
        });
        return c.start(3);
    }

    private static Optional<Key> set(Obj pod) {
        return Owners.controller(pod).filter(o -> o.text("kind").equals("ReplicaSet")).map(o -> new Key(pod.namespace(), o.text("name")));
    }
}
