package io.manul.controllers.workload.deployment;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.workload.Owners;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The Deployment controller, wired to its informers. */
public final class Deployments {

    private Deployments() {
    }

    public static Controller start(Cluster cluster, Events events) {
        Informer deployments = cluster.informer(Resources.DEPLOYMENTS, Selection.ALL);
        Informer sets = cluster.informer(Resources.REPLICA_SETS, Selection.ALL);
        Informer pods = cluster.informer(Resources.PODS, Selection.ALL)
                .index("owner", p -> Owners.controller(p).map(o -> List.of(o.text("uid"))).orElse(List.of()));
        Controller c = new Controller("deployment", new DeploymentReconciler(cluster, deployments, sets, pods, events, InstantSource.system()),
                List.of(deployments, sets, pods));
        deployments.listen(change -> c.queue().add(Key.of(change.object())));
        sets.listen(change -> {
            Optional<Key> owner = owner(change.object(), "Deployment");
            if (owner.isPresent()) {
                c.queue().add(owner.get());
            } else {
                deployments.list(change.object().namespace()).stream()
                        .filter(d -> Selector.of(d.at("spec", "selector")).matches(change.object().labels())).forEach(d -> c.queue().add(Key.of(d)));
            }
        });
        // Recreate waits for the last old pod
        pods.listen(change -> {
            if (change.kind() == Informer.Kind.DELETED) {
                owner(change.object(), "ReplicaSet").flatMap(sets::get).flatMap(s -> owner(s, "Deployment")).ifPresent(k -> c.queue().add(k));
            }
        });
        return c.start(3);
    }

    private static Optional<Key> owner(Obj object, String kind) {
        return Owners.controller(object).filter(o -> o.text("kind").equals(kind)).map(o -> new Key(object.namespace(), o.text("name")));
    }
}
