package io.manul.controllers.storage;

import io.manul.api.component.Component;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.controllers.storage.binder.Binder;
import io.manul.controllers.storage.ephemeral.EphemeralVolumes;
import io.manul.controllers.storage.expand.Expansion;
import io.manul.controllers.storage.protection.Protection;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The storage controllers' life. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class StorageControllers implements Component {

    private final Clusters clusters;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private List<Events> events = List.of();

    @Activate
    public StorageControllers(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters) {
        this.clusters = clusters;
    }

    @Override
    public String name() {
        return "controllers-storage";
    }

    @Override
    public void begin(byte[] state) {
        Cluster binder = cluster("persistent-volume-binder");
        Cluster ephemeral = cluster("ephemeral-volume-controller");
        Cluster expand = cluster("expand-controller");
        Events b = binder.events("persistentvolume-controller");
        Events v = ephemeral.events("ephemeral_volume");
        Events x = expand.events("volume_expand");
        events = List.of(b, v, x);
        Informers informers = Informers.of(binder);
        List<Controller> all = new ArrayList<>(Binder.controllers(binder, informers, b));
        all.add(Protection.claims(cluster("pvc-protection-controller"), informers));
        all.add(Protection.volumes(cluster("pv-protection-controller"), informers));
        all.add(EphemeralVolumes.controller(ephemeral, informers, v));
        all.add(Expansion.controller(informers, x));
        all.forEach(c -> c.start(1));
        controllers = List.copyOf(all);
    }

    private Cluster cluster(String controller) {
        return clusters.controller(controller, "controllers-storage");
    }

    @Override
    public byte[] end() {
        controllers.forEach(Controller::stop);
        controllers.forEach(Controller::close);
        events.forEach(Events::close);
        controllers = List.of();
        events = List.of();
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    public boolean idle() {
        return controllers.stream().allMatch(Controller::idle);
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
