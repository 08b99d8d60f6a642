package io.manul.controllers.core;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The resources that the API serves now, in their preferred versions, with the verbs asked for. */
final class Discovered {

    private Discovered() {
    }

    static List<Resource> all(Cluster cluster, Set<String> verbs) throws ClusterException, InterruptedException {
        List<Resource> all = new ArrayList<>(of(cluster, "", "v1", verbs));
        for (Obj group : cluster.raw("GET", "/apis", null).objects("groups")) {
            String version = group.text("preferredVersion", "version");
            all.addAll(of(cluster, group.text("name"), version, verbs));
        }
        return all;
    }

    private static List<Resource> of(Cluster cluster, String group, String version, Set<String> verbs)
            throws ClusterException, InterruptedException {
        Obj list;
        try {
            list = cluster.raw("GET", group.isEmpty() ? "/api/v1" : "/apis/" + group + "/" + version, null);
        } catch (ClusterException e) {
            if (e.notFound()) {
                return List.of(); // a group that went meanwhile
            }
            throw e;
        }
        return list.objects("resources").stream().filter(r -> !r.text("name").contains("/") && r.strings("verbs").containsAll(verbs))
                .map(r -> new Resource(group, version, r.text("name"), r.text("kind"), r.flag("namespaced"))).toList();
    }
}
