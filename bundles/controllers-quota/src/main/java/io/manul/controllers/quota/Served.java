package io.manul.controllers.quota;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** Finds a resource by its name in discovery. */
final class Served {

    private Served() {
    }

    /** @param groupResource {@code pods}, {@code deployments.apps}; empty for what cannot be listed and watched in namespaces */
    static Optional<Resource> find(Cluster cluster, String groupResource) throws ClusterException, InterruptedException {
        int dot = groupResource.indexOf('.');
        String plural = dot < 0 ? groupResource : groupResource.substring(0, dot);
        String group = dot < 0 ? "" : groupResource.substring(dot + 1);
        String version = "v1";
        if (dot >= 0) {
            Optional<Obj> found = cluster.raw("GET", "/apis", null).objects("groups").stream().filter(g -> g.text("name").equals(group)).findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            version = found.get().text("preferredVersion", "version");
        }
        for (Obj r : cluster.raw("GET", dot < 0 ? "/api/v1" : "/apis/" + group + "/" + version, null).objects("resources")) {
            if (r.text("name").equals(plural) && r.flag("namespaced") && r.strings("verbs").containsAll(List.of("list", "watch"))) {
                return Optional.of(new Resource(group, version, plural, r.text("kind"), true));
            }
        }
        return Optional.empty();
    }
}
