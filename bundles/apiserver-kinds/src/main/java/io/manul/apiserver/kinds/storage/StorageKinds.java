package io.manul.apiserver.kinds.storage;

import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Plain;
import io.manul.apiserver.kinds.misc.MiscDefaults;
import io.manul.apiserver.kinds.misc.StorageColumns;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The strategies of storage: one line a kind. */
public final class StorageKinds {

    private StorageKinds() {
    }

    public static Strategy persistentVolume() {
        return new Plain().defaults(MiscDefaults::persistentVolume).rules(VolumeRules::check).changes(VolumeRules::change)
                .onCreate((v, w) -> v.put("status", Obj.of("phase", "Pending", "lastPhaseTransitionTime", now(w)))).onStatus(StorageKinds::phase)
                .noGeneration().cells(StorageColumns.VOLUME);
    }

    /** A change of phase has a time (KEP-3762). */
    private static void phase(Obj volume, Write w) {
        boolean changed = !volume.text("status", "phase").equals(w.old().text("status", "phase"));
        boolean timed = !volume.text("status", "lastPhaseTransitionTime").equals(w.old().text("status", "lastPhaseTransitionTime"))
                && volume.has("status", "lastPhaseTransitionTime");
        if (changed && !timed) {
            volume.make("status").put("lastPhaseTransitionTime", now(w));
        }
    }

    private static String now(Write w) {
        return w.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    public static Strategy persistentVolumeClaim() {
        return new Plain().defaults(MiscDefaults::persistentVolumeClaim).rules(ClaimRules::check).changes(ClaimRules::change)
                .statusChanges(ClaimRules::status).onCreate(StorageKinds::claim).noGeneration().cells(StorageColumns.CLAIM);
    }

    /** Of the two data sources one says the other (API reference, dataSourceRef). */
    private static void claim(Obj claim, Write w) {
        Obj spec = claim.make("spec");
        claim.put("status", Obj.of("phase", "Pending"));
        if (spec.has("dataSource") && !spec.has("dataSourceRef")) {
            spec.put("dataSourceRef", spec.at("dataSource").copy());
        } else if (spec.has("dataSourceRef") && !spec.has("dataSource") && spec.text("dataSourceRef", "namespace").isEmpty()) {
            Obj source = Obj.of();
            for (String key : List.of("apiGroup", "kind", "name")) {
                source.put(key, spec.get("dataSourceRef", key));
            }
            spec.put("dataSource", source);
        }
    }

    public static Strategy storageClass() {
        return new Plain().defaults(MiscDefaults::storageClass).rules(ClassRules::storageClass).changes(ClassRules::storageClassChange)
                .noGeneration().cells(StorageColumns.CLASS);
    }

    public static Strategy volumeAttributesClass() {
        return new Plain().rules(ClassRules::attributesClass).changes(ClassRules::attributesClassChange).noGeneration()
                .cells(StorageColumns.ATTRIBUTES_CLASS);
    }

    public static Strategy csiDriver() {
        return new Plain().defaults(MiscDefaults::csiDriver).rules(CsiRules::driver).changes(CsiRules::driverChange).cells(StorageColumns.DRIVER);
    }

    public static Strategy csiNode() {
        return new Plain().defaults(n -> Defaults.fill(n.make("spec"), "drivers", List.of()))
                .rules(CsiRules::node).changes(CsiRules::nodeChange).noGeneration().cells(StorageColumns.CSI_NODE);
    }

    public static Strategy csiStorageCapacity() {
        return new Plain().rules(CsiRules::capacity).changes(CsiRules::capacityChange).noGeneration().cells(StorageColumns.CAPACITY);
    }

    public static Strategy volumeAttachment() {
        return new Plain().rules(CsiRules::attachment).changes(CsiRules::attachmentChange).statusChanges((a, old, e) -> CsiRules.status(a, e))
                .noGeneration().cells(StorageColumns.ATTACHMENT);
    }
}
