package io.manul.apiserver.kinds.misc;

import io.manul.apiserver.kinds.Cells;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Columns of volumes, their claims and classes, and the kinds of CSI. */
public final class StorageColumns {

    private static final String UNSET = "<unset>";
    /** In the order in which they are shown. */
    private static final List<Map.Entry<String, String>> MODES = List.of(Map.entry("ReadWriteOnce", "RWO"),
            Map.entry("ReadOnlyMany", "ROX"), Map.entry("ReadWriteMany", "RWX"), Map.entry("ReadWriteOncePod", "RWOP"));

    public static final Cells VOLUME = new Cells().text("Capacity", v -> Cells.quantity(v.get("spec", "capacity", "storage"), "0"))
            .text("Access Modes", v -> modes(v.strings("spec", "accessModes")))
            .text("Reclaim Policy", v -> v.text("spec", "persistentVolumeReclaimPolicy")).text("Status", StorageColumns::phase)
            .text("Claim", v -> v.has("spec", "claimRef") ? v.text("spec", "claimRef", "namespace") + "/" + v.text("spec", "claimRef", "name") : "")
            .text("StorageClass", StorageColumns::storageClass)
            .text("VolumeAttributesClass", v -> v.string("spec", "volumeAttributesClassName").orElse(UNSET))
            .text("Reason", v -> v.text("status", "reason")).age()
            .wide("VolumeMode", v -> v.string("spec", "volumeMode").orElse(UNSET));

    public static final Cells CLAIM = new Cells().text("Status", StorageColumns::phase).text("Volume", c -> c.text("spec", "volumeName"))
            .text("Capacity", c -> bound(c) ? Cells.quantity(c.get("status", "capacity", "storage"), "0") : "")
            .text("Access Modes", c -> bound(c) ? modes(c.strings("status", "accessModes")) : "")
            .text("StorageClass", StorageColumns::storageClass)
            .text("VolumeAttributesClass", c -> c.string("spec", "volumeAttributesClassName").orElse(UNSET)).age()
            .wide("VolumeMode", c -> c.string("spec", "volumeMode").orElse(UNSET));

    public static final Cells CLASS = new Cells().ownName(c -> c.name() + (isDefault(c) ? " (default)" : ""))
            .text("Provisioner", c -> c.text("provisioner")).text("ReclaimPolicy", c -> Cells.or(c.text("reclaimPolicy"), "Delete"))
            .text("VolumeBindingMode", c -> Cells.or(c.text("volumeBindingMode"), "Immediate"))
            .text("AllowVolumeExpansion", c -> c.flag("allowVolumeExpansion")).age();

    public static final Cells ATTRIBUTES_CLASS = new Cells().text("DriverName", c -> c.text("driverName")).age();

    public static final Cells ATTACHMENT = new Cells().named("Attacher", a -> a.text("spec", "attacher"))
            .text("PV", a -> a.text("spec", "source", "persistentVolumeName")).text("Node", a -> a.text("spec", "nodeName"))
            .flag("Attached", a -> a.flag("status", "attached")).age();

    public static final Cells DRIVER = new Cells()
            .flag("AttachRequired", d -> !d.has("spec", "attachRequired") || d.flag("spec", "attachRequired"))
            .flag("PodInfoOnMount", d -> d.flag("spec", "podInfoOnMount")).flag("StorageCapacity", d -> d.flag("spec", "storageCapacity"))
            .text("TokenRequests", d -> d.has("spec", "tokenRequests") ? Cells.join(d.objects("spec", "tokenRequests"), "audience") : UNSET)
            .flag("RequiresRepublish", d -> d.flag("spec", "requiresRepublish"))
            .text("Modes", d -> Cells.or(String.join(",", d.strings("spec", "volumeLifecycleModes")), "<none>")).age();

    public static final Cells CSI_NODE = new Cells().number("Drivers", n -> (long) n.objects("spec", "drivers").size()).age();

    public static final Cells CAPACITY = new Cells().text("StorageClassName", c -> c.text("storageClassName"))
            .text("Capacity", c -> Cells.quantity(c.get("capacity"), UNSET));

    private StorageColumns() {
    }

    private static String modes(List<String> modes) {
        return MODES.stream().filter(m -> modes.contains(m.getKey())).map(Map.Entry::getValue).collect(Collectors.joining(","));
    }

    private static String phase(Obj o) {
        return o.deleting() ? "Terminating" : o.text("status", "phase");
    }

    private static boolean bound(Obj claim) {
        return !claim.text("spec", "volumeName").isEmpty();
    }

    /** The beta annotation counts before the field. */
    private static String storageClass(Obj o) {
        return o.string("metadata", "annotations", "volume.beta.kubernetes.io/storage-class").orElse(o.text("spec", "storageClassName"));
    }

    private static boolean isDefault(Obj o) {
        return o.text("metadata", "annotations", "storageclass.kubernetes.io/is-default-class").equals("true")
                || o.text("metadata", "annotations", "storageclass.beta.kubernetes.io/is-default-class").equals("true");
    }
}
