package io.manul.controllers.autoscale.horizontal;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sub-resource scale of what an autoscaler names, whatever kind that is: which resource a kind is, discovery says. */
final class Targets {

    private final Cluster cluster;
    private final Map<String, String> plurals = new ConcurrentHashMap<>();

    Targets(Cluster cluster) {
        this.cluster = cluster;
    }

    Obj scale(Obj reference, String namespace) throws ClusterException, InterruptedException {
        return cluster.raw("GET", path(reference, namespace), null);
    }

    /** Sets the number only: nobody else's change of the object is undone. */
    void resize(Obj reference, String namespace, Obj scale, long replicas) throws ClusterException, InterruptedException {
        Obj wanted = scale.copy().set(replicas, "spec", "replicas");
        wanted.remove("metadata", "resourceVersion");
        cluster.raw("PUT", path(reference, namespace), wanted);
    }

    private String path(Obj reference, String namespace) throws ClusterException, InterruptedException {
        String version = reference.text("apiVersion");
        return base(version) + "/namespaces/" + namespace + "/" + plural(version, reference.text("kind")) + "/" + reference.text("name")
                + "/scale";
    }

    private static String base(String version) {
        return (version.contains("/") ? "/apis/" : "/api/") + (version.isEmpty() ? "v1" : version);
    }

    private String plural(String version, String kind) throws ClusterException, InterruptedException {
        String known = plurals.get(version + "/" + kind);
        if (known == null) {
            Optional<String> found = cluster.raw("GET", base(version), null).objects("resources").stream()
                    .filter(r -> r.text("kind").equals(kind) && !r.text("name").contains("/")).map(r -> r.text("name")).findFirst();
            known = found.orElseThrow(() -> new ClusterException(0, "NotFound", "no matches for kind \"" + kind + "\" in group \""
                    + (version.contains("/") ? version.substring(0, version.indexOf('/')) : "") + "\"", null));
            if (plurals.size() < 1000) {
                plurals.put(version + "/" + kind, known);
            }
        }
        return known;
    }

    /** Where custom.metrics.k8s.io has the metrics of an object; empty for its namespace. */
    String metricPath(Obj object) throws Unable, InterruptedException {
        String version = object.text("apiVersion");
        if (object.text("kind").equals("Namespace") && !version.contains("/")) {
            return "";
        }
        try {
            String group = version.contains("/") ? "." + version.substring(0, version.indexOf('/')) : "";
            return plural(version, object.text("kind")) + group + "/" + object.text("name");
        } catch (ClusterException e) {
            throw new Unable("unable to fetch metrics from custom metrics API: " + e.getMessage());
        }
    }
}
