package io.manul.controllers.storage.expand;

import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer.Kind;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.controllers.storage.Informers;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.List;
import java.util.Optional;

/**
 * A bound claim that asks for more than it has. The kinds of volume that this server mounts cannot be made larger by it, so it says
 * who is waited for, as upstream's expand controller does for what has no plug-in of its own.
 */
public final class Expansion implements Reconciler {

    private final Informers informers;
    private final Events events;

    private Expansion(Informers informers, Events events) {
        this.informers = informers;
        this.events = events;
    }

    /** Not started. */
    public static Controller controller(Informers informers, Events events) {
        Controller c = new Controller("volume-expand", new Expansion(informers, events), List.of(informers.claims()));
        informers.claims().listen(change -> {
            boolean more = change.previous() != null && asked(change.object()) > asked(change.previous());
            if (change.kind() == Kind.MODIFIED && more && change.object().text("status", "phase").equals("Bound")) {
                c.queue().add(Key.of(change.object()));
            }
        });
        return c;
    }

    private static long asked(Obj claim) {
        return Quantity.units(claim.get("spec", "resources", "requests", "storage"));
    }

    @Override
    public Outcome reconcile(Key key) {
        Optional<Obj> claim = informers.claims().get(key);
        if (claim.isPresent() && asked(claim.get()) > Quantity.units(claim.get().get("status", "capacity", "storage"))) {
            events.normal(claim.get().put("kind", "PersistentVolumeClaim").put("apiVersion", "v1"), "ExternalExpanding",
                    "waiting for an external controller to expand this PVC");
        }
        return Outcome.SETTLED;
    }
}
