package io.manul.manifests;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.client.Selection;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Applies the objects of one AddOn and prunes what is no longer in its file. An object remembers what was applied
 * ({@code objectset.rio.cattle.io/applied}) and whose it is (its hash label), with k3s's names, so that a folder taken over
 * from k3s goes on.
 */
final class Applier {

    static final String PREFIX = "objectset.rio.cattle.io/";
    private static final Duration CRD_STEP = Duration.ofMillis(100);
    private static final int CRD_STEPS = 50;
    private static final List<String> FIRST = List.of("CustomResourceDefinition", "Namespace", "PriorityClass", "ServiceAccount",
            "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ConfigMap", "Secret");

    private final Cluster cluster;
    private final Kinds kinds;

    Applier(Cluster cluster, Kinds kinds) {
        this.cluster = cluster;
        this.kinds = kinds;
    }

    /**
     * An object that is refused, or whose kind is not served (yet), does not hold up the others; nothing is pruned then.
     *
     * @param gvks kinds that earlier versions of the file held; @return the kinds of this one
     */
    Set<String> apply(String addOn, List<Obj> objects, Set<String> gvks) throws ClusterException, InterruptedException {
        List<Obj> ordered = new ArrayList<>(objects);
        ordered.sort(Comparator.comparingInt(o -> FIRST.indexOf(o.kind()) < 0 ? FIRST.size() : FIRST.indexOf(o.kind())));
        boolean crds = objects.stream().anyMatch(o -> o.kind().equals("CustomResourceDefinition"));
        Set<String> now = new TreeSet<>();
        Set<String> kept = new HashSet<>();
        List<ClusterException> refused = new ArrayList<>();
        for (Obj o : ordered) {
            now.add(o.apiVersion() + ", Kind=" + o.kind());
            try {
                Resource resource = resource(o, crds);
                String namespace = resource.namespaced() ? o.string("metadata", "namespace").orElse("default") : "";
                one(resource, namespace, marked(addOn, o, resource));
                kept.add(identity(resource, namespace, o.name()));
            } catch (ClusterException e) {
                if (e.retryable()) {
                    throw e;
                }
                refused.add(e);
            }
        }
        if (!refused.isEmpty()) {
            ClusterException first = refused.getFirst();
            throw refused.size() == 1 ? first : new ClusterException(first.code(), first.reason(),
                    refused.stream().map(ClusterException::getMessage).collect(Collectors.joining("; ")), first.status());
        }
        Set<String> all = new TreeSet<>(gvks);
        all.addAll(now);
        prune(addOn, all, kept);
        return now;
    }

    void removeAll(String addOn, Set<String> gvks) throws ClusterException, InterruptedException {
        prune(addOn, gvks, Set.of());
    }

    /** @param crds a kind whose CRD was applied just now may take a moment to be served */
    private Resource resource(Obj o, boolean crds) throws ClusterException, InterruptedException {
        for (int i = 0; i < (crds ? CRD_STEPS : 1); i++) {
            if (i > 0) {
                Thread.sleep(CRD_STEP);
            }
            Optional<Resource> r = kinds.of(o.apiVersion(), o.kind());
            if (r.isPresent()) {
                return r.get();
            }
        }
        throw new ClusterException(404, "NotFound", "no matches for kind \"" + o.kind() + "\" in version \"" + o.apiVersion() + "\"", null);
    }

    private static Obj marked(String addOn, Obj object, Resource resource) {
        Obj o = object.copy();
        if (!resource.namespaced()) {
            o.remove("metadata", "namespace");
        }
        String applied = o.toString();
        o.set(applied, "metadata", "annotations", PREFIX + "applied");
        o.set("", "metadata", "annotations", PREFIX + "id");
        o.set("k3s.cattle.io/v1, Kind=Addon", "metadata", "annotations", PREFIX + "owner-gvk");
        o.set(addOn, "metadata", "annotations", PREFIX + "owner-name");
        o.set("kube-system", "metadata", "annotations", PREFIX + "owner-namespace");
        o.set(hash(addOn), "metadata", "labels", PREFIX + "hash");
        return o;
    }

    static String hash(String addOn) {
        return Digest.hex("SHA-1", ("k3s.cattle.io/v1, Kind=Addon/kube-system/" + addOn).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void one(Resource resource, String namespace, Obj wanted) throws ClusterException, InterruptedException {
        Optional<Obj> live = cluster.get(resource, namespace, wanted.name());
        if (live.isEmpty()) {
            try {
                cluster.create(resource, namespace, wanted);
                return;
            } catch (ClusterException e) {
                if (!e.alreadyExists()) {
                    throw e;
                }
                live = cluster.get(resource, namespace, wanted.name());
            }
        }
        Obj before = live.map(Applier::lastApplied).orElse(Obj.of());
        Obj patch = ThreeWay.patch(before, wanted);
        patch.remove("apiVersion");
        patch.remove("kind");
        patch.remove("status");
        cluster.patch(resource, namespace, wanted.name(), "", Patch.MERGE, patch);
    }

    private static Obj lastApplied(Obj live) {
        String applied = live.annotations().getOrDefault(PREFIX + "applied", "");
        try {
            return applied.startsWith("{") ? Obj.parse(applied) : Obj.of();
        } catch (JsonException e) {
            return Obj.of(); // somebody edited the annotation: nothing is known to have been ours
        }
    }

    private void prune(String addOn, Set<String> gvks, Set<String> kept) throws ClusterException, InterruptedException {
        for (String gvk : gvks) {
            String[] parts = gvk.split(", Kind=");
            Optional<Resource> resource = parts.length == 2 ? kinds.of(parts[0], parts[1]) : Optional.empty();
            if (resource.isEmpty()) {
                continue; // a CRD that is gone takes its objects with it
            }
            for (Obj o : cluster.list(resource.get(), Selection.ALL.labels(PREFIX + "hash=" + hash(addOn))).items()) {
                if (!kept.contains(identity(resource.get(), o.namespace(), o.name())) && !o.deleting()) {
                    cluster.delete(resource.get(), o.namespace(), o.name());
                }
            }
        }
    }

    private static String identity(Resource r, String namespace, String name) {
        return r.group() + "/" + r.plural() + "/" + namespace + "/" + name;
    }

}
