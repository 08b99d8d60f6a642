package io.manul.manifests;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The AddOn objects (k3s.cattle.io/v1): one a file, in kube-system; and the CRD that makes them. */
final class AddOns {

    static final Resource ADDONS = new Resource("k3s.cattle.io", "v1", "addons", "Addon", true);
    static final String NAMESPACE = "kube-system";
    private static final String GVKS = "addon.k3s.cattle.io/gvks";

    private final Cluster cluster;

    AddOns(Cluster cluster) {
        this.cluster = cluster;
    }

    void ensureCrd() throws ClusterException, InterruptedException {
        if (cluster.get(Resources.CUSTOM_RESOURCE_DEFINITIONS, "", "addons.k3s.cattle.io").isEmpty()) {
            try {
                cluster.create(Resources.CUSTOM_RESOURCE_DEFINITIONS, "", crd());
            } catch (ClusterException e) {
                if (!e.alreadyExists()) {
                    throw e;
                }
            }
        }
    }

    private static Obj crd() {
        Obj text = Obj.of("type", "string");
        Obj schema = Obj.of("type", "object", "properties", Obj.of("spec", Obj.of("type", "object", "properties",
                Obj.of("source", text, "checksum", Obj.of("type", "string")))));
        return Obj.of("apiVersion", "apiextensions.k8s.io/v1", "kind", "CustomResourceDefinition",
                "metadata", Obj.of("name", "addons.k3s.cattle.io"),
                "spec", Obj.of("group", "k3s.cattle.io", "scope", "Namespaced",
                        "names", Obj.of("kind", "Addon", "listKind", "AddonList", "plural", "addons", "singular", "addon"),
                        "versions", List.of(Obj.of("name", "v1", "served", true, "storage", true,
                                "schema", Obj.of("openAPIV3Schema", schema),
                                "additionalPrinterColumns", List.of(
                                        Obj.of("name", "Source", "type", "string", "jsonPath", ".spec.source"),
                                        Obj.of("name", "CheckSum", "type", "string", "jsonPath", ".spec.checksum"))))));
    }

    Optional<Obj> get(String name) throws ClusterException, InterruptedException {
        return cluster.get(ADDONS, NAMESPACE, name);
    }

    /** The AddOn of a file, made when it is missing. */
    Obj ensure(String name, String source) throws ClusterException, InterruptedException {
        Optional<Obj> there = get(name);
        return there.isPresent() ? there.get() : cluster.create(ADDONS, NAMESPACE, Obj.of("apiVersion", "k3s.cattle.io/v1", "kind", "Addon",
                "metadata", Obj.of("name", name, "namespace", NAMESPACE), "spec", Obj.of("source", source, "checksum", "")));
    }

    static Set<String> gvks(Obj addOn) {
        String text = addOn.annotations().getOrDefault(GVKS, "");
        return text.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(text.split(";")));
    }

    void applied(String name, String source, String checksum, Set<String> gvks) throws ClusterException, InterruptedException {
        cluster.patch(ADDONS, NAMESPACE, name, "", Patch.MERGE, Obj.of(
                "metadata", Obj.of("annotations", Obj.of(GVKS, String.join(";", gvks))),
                "spec", Obj.of("source", source, "checksum", checksum)));
    }

    void delete(String name) throws ClusterException, InterruptedException {
        cluster.delete(ADDONS, NAMESPACE, name);
    }
}
