package io.manul.controllers.policy.budget;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many pods their owners want: by {@code spec.replicas} of a Deployment, ReplicaSet, ReplicationController or StatefulSet, by
 * the sub-resource {@code scale} of any other kind, custom ones too. Nothing is kept but which resource a kind is.
 */
final class Scales {

    /** @param unmanaged pods without a controller: they cannot be counted */
    record Expected(long pods, List<String> unmanaged) {
    }

    private static final Map<String, Resource> KNOWN = Map.of("apps/ReplicaSet", Resources.REPLICA_SETS, "apps/StatefulSet",
            Resources.STATEFUL_SETS,
            "/ReplicationController", Resources.REPLICATION_CONTROLLERS);

    private final Cluster cluster;
    private final Map<String, Resource> kinds = new ConcurrentHashMap<>();

    Scales(Cluster cluster) {
        this.cluster = cluster;
    }

    Expected of(List<Obj> pods) throws ClusterException, InterruptedException {
        Map<String, Long> wanted = new LinkedHashMap<>();
        Map<String, String> asked = new LinkedHashMap<>();
        List<String> unmanaged = new ArrayList<>();
        for (Obj pod : pods) {
            Optional<Obj> owner = controller(pod);
            if (owner.isEmpty()) {
                unmanaged.add(pod.name());
            } else if (asked.putIfAbsent(owner.get().text("uid"), pod.name()) == null) {
                Obj scale = scale(owner.get(), pod.namespace())
                        .orElseThrow(() -> new ClusterException(0, "NotFound", "found no controllers for pod \"" + pod.name() + "\"",
                                null));
                wanted.put(scale.text("uid"), scale.number("replicas").orElse(0));
            }
        }
        return new Expected(wanted.values().stream().mapToLong(Long::longValue).sum(), unmanaged);
    }

    private static Optional<Obj> controller(Obj object) {
        return object.objects("metadata", "ownerReferences").stream().filter(o -> o.flag("controller")).findFirst();
    }

    /** uid and replicas of what decides on the number: of a ReplicaSet its Deployment. */
    private Optional<Obj> scale(Obj owner, String namespace) throws ClusterException, InterruptedException {
        String version = owner.text("apiVersion");
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        Resource known = KNOWN.get(group + "/" + owner.text("kind"));
        if (known == null) {
            return other(owner, namespace);
        }
        Optional<Obj> found = cluster.get(known, namespace, owner.text("name")).filter(o -> o.uid().equals(owner.text("uid")));
        Optional<Obj> above = found.flatMap(Scales::controller).filter(o -> o.text("kind").equals("Deployment"));
        if (above.isPresent()) {
            found = cluster.get(Resources.DEPLOYMENTS, namespace, above.get().text("name")).filter(o -> o.uid()
                    .equals(above.get().text("uid")));
        }
        return found.map(o -> Obj.of("uid", o.uid(), "replicas", o.number("spec", "replicas").orElse(1)));
    }

    private Optional<Obj> other(Obj owner, String namespace) throws ClusterException, InterruptedException {
        Resource resource = resource(owner);
        String path = "/" + (resource.group().isEmpty() ? "api/" : "apis/") + owner.text("apiVersion") + "/namespaces/" + namespace + "/"
                + resource.plural() + "/" + owner.text("name") + "/scale";
        try {
            Obj scale = cluster.raw("GET", path, null);
            return Optional.of(scale).filter(s -> s.uid().equals(owner.text("uid")))
                    .map(s -> Obj.of("uid", s.uid(), "replicas", s.number("spec", "replicas").orElse(0)));
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw e;
            }
            if (listed(owner.text("apiVersion"), resource.plural() + "/scale").isEmpty()) {
                String name = resource.group().isEmpty() ? resource.plural() : resource.plural() + "." + resource.group();
                throw new ClusterException(0, "NotFound", name + " does not implement the scale subresource", null);
            }
            return Optional.empty();
        }
    }

    private Resource resource(Obj owner) throws ClusterException, InterruptedException {
        String version = owner.text("apiVersion");
        String kind = owner.text("kind");
        Resource known = kinds.get(version + "/" + kind);
        if (known == null) {
            Obj found = discovery(version).stream().filter(r -> r.text("kind").equals(kind) && !r.text("name").contains("/")).findFirst()
                    .orElseThrow(() -> new ClusterException(0, "NotFound", "no matches for kind \"" + kind + "\" in version \"" + version
                            + "\"", null));
            int slash = version.indexOf('/');
            known = new Resource(slash < 0 ? "" : version.substring(0, slash), version.substring(slash + 1), found.text("name"), kind,
                    found.flag("namespaced"));
            if (kinds.size() < 1000) {
                kinds.put(version + "/" + kind, known);
            }
        }
        return known;
    }

    private Optional<Obj> listed(String version, String name) throws ClusterException, InterruptedException {
        return discovery(version).stream().filter(r -> r.text("name").equals(name)).findFirst();
    }

    private List<Obj> discovery(String version) throws ClusterException, InterruptedException {
        return cluster.raw("GET", (version.contains("/") ? "/apis/" : "/api/") + version, null).objects("resources");
    }
}
