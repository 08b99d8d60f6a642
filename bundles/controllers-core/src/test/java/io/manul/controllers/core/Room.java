package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** The core controllers on a cluster of their own, with what their tests make there. */
final class Room implements AutoCloseable {

    final TestCluster api = new TestCluster();
    final Cluster admin = api.admin();
    CoreControllers room;

    Room() throws Exception {
        room = new CoreControllers(api.clusters(), api.pki());
        room.begin(new byte[0]);
        api.await("begun", room::idle);
    }

    Obj configMap(String name, Obj... owners) throws Exception {
        return make(Resources.CONFIG_MAPS, name, owners);
    }

    Obj make(Resource resource, String name, Obj... owners) throws Exception {
        Obj made = Obj.of("metadata", Obj.of("name", name, "namespace", "default", "ownerReferences", owners.length == 0 ? null : List.of(owners)));
        if (resource.equals(Resources.SECRETS)) {
            made.put("type", "Opaque");
        }
        return admin.create(resource, "default", made);
    }

    static Obj owner(Obj object, boolean block) {
        return Obj.of("apiVersion", object.apiVersion(), "kind", object.kind(), "name", object.name(), "uid", object.uid(),
                "blockOwnerDeletion", block);
    }

    Optional<Obj> get(String name) throws Exception {
        return admin.get(Resources.CONFIG_MAPS, "default", name);
    }

    void gone(String name) throws Exception {
        api.await(name + " is gone", () -> get(name).isEmpty());
    }

    void told(String reason, String message) throws Exception {
        api.await("the event " + reason, () -> admin.list(Resources.EVENTS, Selection.in("default")).items().stream()
                .anyMatch(e -> e.text("reason").equals(reason) && e.text("message").equals(message)));
    }

    void settled() throws Exception {
        api.await("nobody acts", room::idle);
    }

    @Override
    public void close() throws Exception {
        room.end();
        api.close();
    }
}
