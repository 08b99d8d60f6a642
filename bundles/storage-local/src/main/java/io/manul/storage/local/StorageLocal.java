package io.manul.storage.local;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Informer.Kind;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room's life: the packaged objects, the provisioner of claims and the deleter of volumes. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class StorageLocal implements Component {

    static final String PROVISIONER = "rancher.io/local-path";
    private static final String ROOM = "storage-local";

    private final Cluster cluster;
    private final Packaged packaged;

    // while acting; written by the updater's thread only
    private volatile List<Controller> controllers = List.of();
    private Informer configuration;
    private Events events;

    @Activate
    public StorageLocal(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this.cluster = clusters.controller("local-path-provisioner-service-account", ROOM);
        this.packaged = new Packaged(clusters.as("system:admin", List.of("system:masters"), ROOM), settings);
    }

    @Override
    public String name() {
        return ROOM;
    }

    @Override
    public void begin(byte[] state) {
        Events e = cluster.events(PROVISIONER);
        Informer config = cluster.informer(Resources.CONFIG_MAPS, Selection.in(Packaged.NAMESPACE).fields("metadata.name=" + Packaged.CONFIG));
        Informer claims = cluster.informer(Resources.PERSISTENT_VOLUME_CLAIMS, Selection.ALL);
        Informer volumes = cluster.informer(Resources.PERSISTENT_VOLUMES, Selection.ALL);
        Configuration current = new Configuration(config);
        Folders folders = new Folders(cluster);
        Controller put = new Controller("local-path-packaged", key -> packaged.ensure(), List.of());
        Controller provision = new Controller("local-path-provision", new Provisioner(cluster, claims, current, folders, e), List.of(config, claims));
        Controller delete = new Controller("local-path-delete", new Deleter(cluster, volumes, folders, e), List.of(volumes));
        claims.listen(c -> offer(provision, c));
        config.listen(c -> claims.list().forEach(claim -> provision.queue().add(Key.of(claim))));
        volumes.listen(c -> offerVolume(delete, c));
        events = e;
        configuration = config;
        controllers = List.of(put, provision, delete);
        controllers.forEach(c -> c.start(1));
        put.queue().add(new Key("", "local-path"));
    }

    private static void offer(Controller provision, Informer.Change change) {
        Obj claim = change.object();
        boolean asked = PROVISIONER.equals(claim.annotations().get(Provisioner.ASKED));
        if (change.kind() != Kind.DELETED && asked && claim.text("spec", "volumeName").isEmpty()) {
            provision.queue().add(Key.of(claim));
        }
    }

    private static void offerVolume(Controller delete, Informer.Change change) {
        Obj volume = change.object();
        if (change.kind() != Kind.DELETED && PROVISIONER.equals(volume.annotations().get(Provisioner.MADE_BY))) {
            delete.queue().add(Key.of(volume));
        }
    }

    @Override
    public byte[] end() {
        controllers.forEach(Controller::stop);
        controllers.forEach(Controller::close);
        controllers = List.of();
        if (configuration != null) {
            configuration.close();
            configuration = null;
        }
        if (events != null) {
            events.close();
            events = null;
        }
        return new byte[0];
    }

    /** Nothing is queued and nothing worked on. */
    boolean idle() {
        return controllers.stream().allMatch(Controller::idle);
    }

    @Override
    public Health health() {
        return Controller.sum(controllers);
    }
}
