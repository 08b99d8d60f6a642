package io.manul.apiserver.kinds.storage;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Validation of CSIDriver, CSINode, CSIStorageCapacity and VolumeAttachment (API reference of each). */
final class CsiRules {

    private static final Set<String> GROUP_POLICIES = Set.of("ReadWriteOnceWithFSType", "File", "None");
    private static final Set<String> LIFE_CYCLES = Set.of("Persistent", "Ephemeral");
    private static final int NODE_ID_LIMIT = 192;
    private static final int MESSAGE_LIMIT = 1024;
    private static final int METADATA_LIMIT = 256 << 10;
    private static final long LEAST_TOKEN_SECONDS = 600;
    private static final long LEAST_PERIOD_SECONDS = 10;

    private CsiRules() {
    }

    static void driver(Obj driver, FieldErrors e) {
        Obj spec = driver.at("spec");
        Texts.oneOf(spec.text("fsGroupPolicy"), "spec.fsGroupPolicy", GROUP_POLICIES, e);
        Set<String> audiences = new HashSet<>();
        List<Obj> requests = spec.objects("tokenRequests");
        for (int i = 0; i < requests.size(); i++) {
            String at = "spec.tokenRequests[" + i + "]";
            if (!audiences.add(requests.get(i).text("audience"))) {
                e.duplicate(at + ".audience", requests.get(i).text("audience"));
                continue;
            }
            requests.get(i).number("expirationSeconds").ifPresent(s -> {
                if (s < LEAST_TOKEN_SECONDS) {
                    e.invalid(at + ".expirationSeconds", s, "may not specify a duration less than 10 minutes");
                }
                if (s > 1L << 32) {
                    e.invalid(at + ".expirationSeconds", s, "may not specify a duration larger than 2^32 seconds");
                }
            });
        }
        spec.strings("volumeLifecycleModes").stream().filter(m -> !LIFE_CYCLES.contains(m))
                .forEach(m -> e.notSupported("spec.volumeLifecycleModes", m, LIFE_CYCLES));
        spec.number("nodeAllocatableUpdatePeriodSeconds").ifPresent(s -> {
            if (s < LEAST_PERIOD_SECONDS) {
                e.invalid("spec.nodeAllocatableUpdatePeriodSeconds", s, "must be greater than or equal to 10 seconds");
            }
        });
    }

    static void driverChange(Obj driver, Obj old, FieldErrors e) {
        StorageTexts.immutable(driver, old, "spec.attachedRequired", e, "spec", "attachRequired");
        StorageTexts.immutable(driver, old, "spec.volumeLifecycleModes", e, "spec", "volumeLifecycleModes");
    }

    static void node(Obj node, FieldErrors e) {
        List<Obj> drivers = node.objects("spec", "drivers");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < drivers.size(); i++) {
            String at = "spec.drivers[" + i + "]";
            Obj d = drivers.get(i);
            StorageTexts.driver(d.text("name"), at + ".name", e);
            if (d.text("nodeID").isEmpty()) {
                e.required(at + ".nodeID", "");
            } else if (d.text("nodeID").length() > NODE_ID_LIMIT) {
                e.invalid(at + ".nodeID", d.text("nodeID"), "must be " + NODE_ID_LIMIT + " characters or less");
            }
            d.number("allocatable", "count").ifPresent(c -> Texts.notNegative(c, at + ".allocatable.count", e));
            if (!names.add(d.text("name"))) {
                e.duplicate(at + ".name", d.text("name"));
            }
            Set<String> keys = new HashSet<>();
            for (String key : d.strings("topologyKeys")) {
                if (key.isEmpty()) {
                    e.required(at, "");
                }
                if (!keys.add(key)) {
                    e.duplicate(at, key);
                }
                StorageTexts.qualified(key, at, e);
            }
        }
    }

    static void nodeChange(Obj node, Obj old, FieldErrors e) {
        for (Obj was : old.objects("spec", "drivers")) {
            node.objects("spec", "drivers").stream().filter(d -> d.text("name").equals(was.text("name"))).forEach(now -> {
                Obj a = now.copy();
                Obj b = was.copy();
                a.remove("allocatable");
                b.remove("allocatable");
                if (!a.equals(b)) {
                    e.immutable("spec.drivers", now.map());
                }
            });
        }
    }

    static void capacity(Obj c, FieldErrors e) {
        Texts.subdomain(c.text("storageClassName"), "storageClassName", e);
        if (c.has("capacity") && Quantity.units(c.get("capacity")) < 0) {
            e.invalid("capacity", String.valueOf(c.get("capacity")), "must be greater than or equal to 0");
        }
    }

    static void capacityChange(Obj c, Obj old, FieldErrors e) {
        StorageTexts.immutable(c, old, "nodeTopology", e, "nodeTopology");
        StorageTexts.immutable(c, old, "storageClassName", e, "storageClassName");
    }

    static void attachment(Obj a, FieldErrors e) {
        StorageTexts.driver(a.text("spec", "attacher"), "spec.attacher", e);
        boolean inline = a.has("spec", "source", "inlineVolumeSpec");
        boolean named = a.has("spec", "source", "persistentVolumeName");
        if (!inline && !named) {
            e.required("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (inline && named) {
            e.forbidden("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (named && a.text("spec", "source", "persistentVolumeName").isEmpty()) {
            e.required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName");
        } else if (named) {
            Texts.subdomain(a.text("spec", "source", "persistentVolumeName"), "spec.source.persistentVolumeName", e);
        }
        Texts.subdomain(a.text("spec", "nodeName"), "spec.nodeName", e);
        status(a, e);
    }

    static void status(Obj a, FieldErrors e) {
        long size = a.stringMap("status", "attachmentMetadata").entrySet().stream()
                .mapToLong(m -> m.getKey().length() + m.getValue().length()).sum();
        if (size > METADATA_LIMIT) {
            e.tooLong("status.attachmentMetadata", METADATA_LIMIT);
        }
        for (String error : List.of("attachError", "detachError")) {
            if (a.text("status", error, "message").length() > MESSAGE_LIMIT) {
                e.tooLong("status." + error + ".message", METADATA_LIMIT);
            }
        }
    }

    static void attachmentChange(Obj a, Obj old, FieldErrors e) {
        StorageTexts.immutable(a, old, "spec", e, "spec");
    }
}
