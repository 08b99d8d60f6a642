package io.manul.manifests;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which resource serves a kind, by discovery; what is known is kept, what is not is asked again. */
final class Kinds {

    private final Cluster cluster;
    private final Map<String, Resource> known = new HashMap<>();

    Kinds(Cluster cluster) {
        this.cluster = cluster;
    }

    Optional<Resource> of(String apiVersion, String kind) throws ClusterException, InterruptedException {
        String key = apiVersion + "/" + kind;
        if (!known.containsKey(key)) {
            read(apiVersion);
        }
        return Optional.ofNullable(known.get(key));
    }

    private void read(String apiVersion) throws ClusterException, InterruptedException {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        try {
            Obj list = cluster.raw("GET", (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version, null);
            for (Obj r : list.objects("resources")) {
                if (!r.text("name").contains("/")) {
                    known.put(apiVersion + "/" + r.text("kind"),
                            new Resource(group, version, r.text("name"), r.text("kind"), r.flag("namespaced")));
                }
            }
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }
}
