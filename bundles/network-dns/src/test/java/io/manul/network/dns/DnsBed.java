package io.manul.network.dns;

import io.manul.api.testing.TestSettings;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The room on loopback, with a real API in memory. */
final class DnsBed implements AutoCloseable {

    static final String ADDRESS = "127.43.0.10";

    final TestCluster api = new TestCluster();
    final Cluster admin = api.admin();
    final ClusterDns room;
    final Client client;

    DnsBed(Map<String, String> flags) throws Exception {
        if (admin.get(Resources.NAMESPACES, "", "kube-system").isEmpty()) {
            admin.create(Resources.NAMESPACES, "", Obj.of("metadata", Obj.of("name", "kube-system")));
        }
        room = room(flags, 0);
        room.begin(new byte[0]);
        client = new Client(room.asked());
    }

    ClusterDns room(Map<String, String> flags, int port) {
        Map<String, String> all = new HashMap<>(flags);
        all.putIfAbsent("cluster-dns", ADDRESS);
        return new ClusterDns(api.clusters(), new TestSettings("n1", Path.of("/nowhere"), all), c -> "", port);
    }

    void custom(Map<String, String> data) throws Exception {
        Obj map = Obj.of("metadata", Obj.of("name", Objects.CUSTOM, "namespace", Objects.NAMESPACE), "data", Obj.of());
        data.forEach((k, v) -> map.set(v, "data", k));
        admin.delete(Resources.CONFIG_MAPS, Objects.NAMESPACE, Objects.CUSTOM);
        admin.create(Resources.CONFIG_MAPS, Objects.NAMESPACE, map);
    }

    void service(String name, Obj spec) throws Exception {
        admin.create(Resources.SERVICES, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default"), "spec", spec));
    }

    /** Waits until a question has this answer. */
    void await(String type, String name, String answer) throws Exception {
        api.await(type + " " + name + " is " + answer, () -> client.ask(type, name).equals(answer));
    }

    static Obj web() {
        return Obj.of("ports", List.of(Obj.of("port", 80)));
    }

    @Override
    public void close() throws Exception {
        room.end();
        api.close();
    }
}
