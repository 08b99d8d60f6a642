package io.manul.apiserver.kinds.misc;

import io.manul.apiserver.kinds.Defaults;
import io.manul.json.Obj;
import java.util.List;

/** Defaults of kinds that have few (API reference of each). */
public final class MiscDefaults {

    private MiscDefaults() {
    }

    public static void endpoints(Obj o) {
        o.objects("subsets").forEach(s -> s.objects("ports").forEach(p -> Defaults.fill(p, "protocol", "TCP")));
    }

    public static void persistentVolume(Obj o) {
        Defaults.fill(o.make("spec"), "volumeMode", "Filesystem", "persistentVolumeReclaimPolicy", "Retain");
        Defaults.fill(o.make("status"), "phase", "Pending");
        o.object("spec", "hostPath").ifPresent(h -> Defaults.fill(h, "type", ""));
    }

    public static void persistentVolumeClaim(Obj o) {
        Defaults.fill(o.make("spec"), "volumeMode", "Filesystem");
        Defaults.fill(o.make("status"), "phase", "Pending");
    }

    public static void storageClass(Obj o) {
        Defaults.fill(o, "reclaimPolicy", "Delete", "volumeBindingMode", "Immediate");
    }

    public static void csiDriver(Obj o) {
        Defaults.fill(o.make("spec"), "attachRequired", true, "podInfoOnMount", false, "storageCapacity", false,
                "fsGroupPolicy", "ReadWriteOnceWithFSType", "requiresRepublish", false, "seLinuxMount", false);
        if (o.strings("spec", "volumeLifecycleModes").isEmpty()) {
            o.make("spec").put("volumeLifecycleModes", List.of("Persistent"));
        }
    }

    public static void priorityClass(Obj o) {
        Defaults.fill(o, "preemptionPolicy", "PreemptLowerPriority");
    }
}
