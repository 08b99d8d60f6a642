package io.manul.helm.cluster;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which resource serves a kind, by discovery; what is known is kept, what is not is asked again. Safe from any thread. */
public final class Kinds {

    private final Cluster cluster;
    private final Map<String, Resource> known = new ConcurrentHashMap<>();

    public Kinds(Cluster cluster) {
        this.cluster = cluster;
    }

    public Optional<Resource> of(String apiVersion, String kind) throws ClusterException, InterruptedException {
        String key = apiVersion + "/" + kind;
        if (!known.containsKey(key)) {
            try {
                for (Obj r : cluster.raw("GET", path(apiVersion), null).objects("resources")) {
                    if (!r.text("name").contains("/")) {
                        known.put(apiVersion + "/" + r.text("kind"), resource(apiVersion, r));
                    }
                }
            } catch (ClusterException e) {
                if (!e.notFound()) {
                    throw e;
                }
            }
        }
        return Optional.ofNullable(known.get(key));
    }

    private static String path(String apiVersion) {
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    }

    private static Resource resource(String apiVersion, Obj r) {
        int slash = apiVersion.indexOf('/');
        return new Resource(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), r.text("name"), r.text("kind"),
                r.flag("namespaced"));
    }

    /** Every {@code group/version} and {@code group/version/Kind} that the server has: {@code .Capabilities.APIVersions}. */
    public List<String> all() throws ClusterException, InterruptedException {
        List<String> versions = new ArrayList<>(cluster.raw("GET", "/api", null).strings("versions"));
        for (Obj g : cluster.raw("GET", "/apis", null).objects("groups")) {
            g.objects("versions").forEach(v -> versions.add(v.text("groupVersion")));
        }
        List<String> out = new ArrayList<>();
        for (String v : versions) {
            out.add(v);
            try {
                cluster.raw("GET", path(v), null).objects("resources").stream().filter(r -> !r.text("name").contains("/"))
                        .forEach(r -> out.add(v + "/" + r.text("kind")));
            } catch (ClusterException e) {
                if (e.code() < 500 && !e.notFound()) {
                    throw e; // a group whose server is away has no kinds now
                }
            }
        }
        return out;
    }
}
