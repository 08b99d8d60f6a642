package io.manul.storage.local;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the volume of a claim: its folder on the node that was chosen, then the PersistentVolume (local-path-provisioner, README). */
final class Provisioner implements Reconciler {

    static final String ASKED = "volume.kubernetes.io/storage-provisioner";
    static final String MADE_BY = "pv.kubernetes.io/provisioned-by";
    static final String NODE = "local.path.provisioner/selected-node";
    /** Holds a volume until its folder is gone, also when the volume is deleted before its claim (KEP-2644). */
    static final String FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";
    private static final String SELECTED = "volume.kubernetes.io/selected-node";
    private static final String HOSTNAME = "kubernetes.io/hostname";
    private static final Duration AGAIN = Duration.ofSeconds(15);
    private static final Set<String> ONE_NODE = Set.of("ReadWriteOnce", "ReadWriteOncePod");
    private static final Resource CLASSES = Resources.STORAGE_CLASSES;

    private final Cluster cluster;
    private final Informer claims;
    private final Configuration configuration;
    private final Folders folders;
    private final Events events;

    Provisioner(Cluster cluster, Informer claims, Configuration configuration, Folders folders, Events events) {
        this.cluster = cluster;
        this.claims = claims;
        this.configuration = configuration;
        this.folders = folders;
        this.events = events;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = claims.get(key).filter(c -> StorageLocal.PROVISIONER.equals(c.annotations().get(ASKED)) && !c.deleting()
                && c.text("spec", "volumeName").isEmpty());
        if (found.isEmpty() || cluster.get(Resources.PERSISTENT_VOLUMES, "", name(found.get())).isPresent()) {
            return Outcome.SETTLED;
        }
        Obj claim = found.get().put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
        Optional<Obj> storageClass = cluster.get(CLASSES, "", claim.text("spec", "storageClassName"))
                .filter(c -> c.text("provisioner").equals(StorageLocal.PROVISIONER));
        if (storageClass.isEmpty()) {
            return Outcome.SETTLED; // the binder says so
        }
        String node = claim.annotations().getOrDefault(SELECTED, "");
        if (node.isEmpty() && storageClass.get().text("volumeBindingMode").equals("WaitForFirstConsumer")) {
            return Outcome.SETTLED;
        }
        return provision(claim, storageClass.get(), node);
    }

    private static String name(Obj claim) {
        return "pvc-" + claim.uid();
    }

    private Outcome provision(Obj claim, Obj storageClass, String node) throws InterruptedException {
        events.normal(claim, "Provisioning", "External provisioner is provisioning volume for claim \"" + Key.of(claim) + "\"");
        try {
            Obj volume = volume(claim, storageClass, node);
            create(volume);
            events.normal(claim, "ProvisioningSucceeded", "Successfully provisioned volume " + volume.name());
            return Outcome.SETTLED;
        } catch (Refused | ClusterException e) {
            events.warning(claim, "ProvisioningFailed", "failed to provision volume with StorageClass \"" + storageClass.name() + "\": "
                    + e.getMessage());
            return new Outcome.Again(AGAIN, e.getMessage());
        }
    }

    private void create(Obj volume) throws ClusterException, InterruptedException {
        try {
            cluster.create(Resources.PERSISTENT_VOLUMES, "", volume);
        } catch (ClusterException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    private Obj volume(Obj claim, Obj storageClass, String nodeName) throws Refused, ClusterException, InterruptedException {
        Configuration.Place place = configuration.of(storageClass.name());
        boolean shared = place.shared().isPresent();
        check(claim, shared, nodeName);
        Optional<Obj> node = nodeName.isEmpty() ? Optional.empty() : cluster.get(Resources.NODES, "", nodeName);
        if (!nodeName.isEmpty() && node.isEmpty()) {
            throw new Refused("failed to get target node: nodes \"" + nodeName + "\" not found");
        }
        String path = place.path(nodeName, storageClass.text("parameters", "nodePath")) + "/" + folder(claim, storageClass);
        Obj source = source(claim, storageClass, path, shared);
        String on = nodeName.isEmpty() ? anyNode() : nodeName;
        folders.make(on, name(claim), path);
        if (!shared) {
            node.ifPresent(n -> tell(claim, n));
        }
        return object(claim, storageClass, on, source, shared ? Optional.empty() : node);
    }

    /** The folder shares the node's file system: whoever asks for more than there is should know. */
    private void tell(Obj claim, Obj node) {
        String asked = claim.text("spec", "resources", "requests", "storage");
        String there = node.text("status", "capacity", "ephemeral-storage");
        Optional<BigDecimal> most = Quantity.parse(there);
        if (most.isPresent() && Quantity.parse(asked).filter(a -> a.compareTo(most.get()) > 0).isPresent()) {
            events.warning(claim, "CapacityNotEnforced", "the claim asks for " + asked + ", the disk of node " + node.name() + " has " + there
                    + ": writing ends when that is full");
        }
    }

    private static void check(Obj claim, boolean shared, String node) throws Refused {
        if (claim.text("spec", "volumeMode").equals("Block")) {
            throw new Refused(StorageLocal.PROVISIONER + " does not support block volume provisioning");
        }
        if (shared) {
            return;
        }
        if (claim.has("spec", "selector")) {
            throw new Refused("claim.Spec.Selector is not supported");
        }
        if (!ONE_NODE.containsAll(claim.strings("spec", "accessModes"))) {
            throw new Refused("NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes");
        }
        if (node.isEmpty()) {
            throw new Refused("configuration error, no node was specified");
        }
    }

    private String anyNode() throws ClusterException, InterruptedException, Refused {
        return cluster.list(Resources.NODES, io.manul.client.Selection.ALL).items().stream().map(Obj::name).findFirst()
                .orElseThrow(() -> new Refused("the cluster has no node that could make the folder"));
    }

    /** {@code pvc-UID_NAMESPACE_NAME}, or the class' pathPattern, of which the names of the claim and the volume are understood. */
    private static String folder(Obj claim, Obj storageClass) throws Refused {
        String pattern = storageClass.text("parameters", "pathPattern");
        if (pattern.isEmpty()) {
            return name(claim) + "_" + claim.namespace() + "_" + claim.name();
        }
        String path = pattern.replaceAll("\\{\\{\\s*\\.PVC\\.[nN]amespace\\s*}}", claim.namespace())
                .replaceAll("\\{\\{\\s*\\.PVC\\.[nN]ame\\s*}}", claim.name()).replaceAll("\\{\\{\\s*\\.PVName\\s*}}", name(claim));
        if (path.contains("{{") || path.startsWith("/") || path.isEmpty() || List.of(path.split("/", -1)).stream().anyMatch(s -> s.isEmpty()
                || s.equals(".") || s.equals(".."))) {
            throw new Refused("pathPattern \"" + pattern + "\" of the storage class is not usable: .PVC.Namespace, .PVC.Name and .PVName are"
                    + " understood, and the path must stay below its folder");
        }
        return path;
    }

    /** A shared place is hostPath in any case: a local volume must name a node. */
    private static Obj source(Obj claim, Obj storageClass, String path, boolean shared) throws Refused {
        String type = Optional.ofNullable(claim.annotations().get("volumeType"))
                .or(() -> Optional.ofNullable(storageClass.annotations().get("defaultVolumeType"))).orElse("hostPath");
        return switch (type.toLowerCase(java.util.Locale.ROOT)) {
            case "local" -> shared ? source("hostPath", path) : Obj.of("local", Obj.of("path", path));
            case "hostpath" -> source("hostPath", path);
            default -> throw new Refused("\"" + type + "\" is not a recognised volume type");
        };
    }

    private static Obj source(String kind, String path) {
        return Obj.of(kind, Obj.of("path", path, "type", "DirectoryOrCreate"));
    }

    private static Obj object(Obj claim, Obj storageClass, String on, Obj source, Optional<Obj> node) {
        String policy = storageClass.string("reclaimPolicy").orElse("Delete");
        Obj spec = source.put("capacity", Obj.of("storage", claim.get("spec", "resources", "requests", "storage")))
                .put("accessModes", claim.get("spec", "accessModes")).put("volumeMode", "Filesystem")
                .put("persistentVolumeReclaimPolicy", policy)
                .put("storageClassName", storageClass.name()).put("mountOptions", storageClass.get("mountOptions"))
                .put("claimRef", Obj.of("apiVersion", "v1", "kind", "PersistentVolumeClaim", "namespace", claim.namespace(), "name", claim.name(),
                        "uid", claim.uid(), "resourceVersion", claim.resourceVersion()));
        node.ifPresent(n -> spec.put("nodeAffinity", Obj.of("required", Obj.of("nodeSelectorTerms", List.of(Obj.of("matchExpressions",
                List.of(Obj.of("key", HOSTNAME, "operator", "In", "values", List.of(n.labels().getOrDefault(HOSTNAME, n.name()))))))))));
        return Obj.of("apiVersion", "v1", "kind", "PersistentVolume", "metadata", Obj.of("name", name(claim), "annotations",
                Obj.of(MADE_BY, StorageLocal.PROVISIONER, NODE, on), "finalizers", policy.equals("Delete") ? List.of(FINALIZER) : null), "spec", spec);
    }
}
