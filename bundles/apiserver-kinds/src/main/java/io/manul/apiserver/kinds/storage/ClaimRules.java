package io.manul.apiserver.kinds.storage;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.Map;
import java.util.TreeMap;

/** Validation of a PersistentVolumeClaim (API reference, PersistentVolumeClaimSpec). */
public final class ClaimRules {

    private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";

    private ClaimRules() {
    }

    static void check(Obj claim, FieldErrors e) {
        spec(claim.at("spec"), "spec", e);
    }

    /** Of a claim, or of a template of claims. */
    public static void spec(Obj spec, String path, FieldErrors e) {
        if (spec.strings("accessModes").isEmpty()) {
            e.required(path + ".accessModes", "at least 1 access mode is required");
        }
        StorageTexts.accessModes(spec, path, e);
        if (!spec.has("resources", "requests", "storage")) {
            e.required(path + ".resources[storage]", "");
        } else {
            StorageTexts.positive(spec.get("resources", "requests", "storage"), path + ".resources[storage]", e);
        }
        StorageTexts.className(spec, "storageClassName", path, e);
        StorageTexts.volumeMode(spec, path, e);
        source(spec, "dataSource", path, e);
        source(spec, "dataSourceRef", path, e);
        StorageTexts.className(spec, "volumeAttributesClassName", path, e);
    }

    private static void source(Obj spec, String field, String path, FieldErrors e) {
        spec.object(field).ifPresent(s -> {
            String at = path + "." + field;
            if (s.text("name").isEmpty()) {
                e.required(at + ".name", "");
            }
            if (s.text("kind").isEmpty()) {
                e.required(at + ".kind", "");
            }
            if (s.text("apiGroup").isEmpty() && !s.text("kind").equals("PersistentVolumeClaim") && !s.text("kind").isEmpty()) {
                e.invalid(at, s.text("kind"), "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
            }
        });
    }

    static void change(Obj claim, Obj old, FieldErrors e) {
        Obj now = claim.at("spec").copy();
        Obj was = old.at("spec").copy();
        if (was.text("volumeName").isEmpty()) {
            was.put("volumeName", now.get("volumeName"));
        }
        storageClass(claim, old, now, was, e);
        if (old.text("status", "phase").equals("Bound")) {
            if (now.has("resources", "requests")) {
                now.set(was.get("resources", "requests", "storage"), "resources", "requests", "storage");
            }
            now.put("volumeAttributesClassName", was.get("volumeAttributesClassName"));
        }
        if (!now.equals(was)) {
            e.forbidden("spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
                    + VolumeRules.difference(new TreeMap<>(was.map()), new TreeMap<>(now.map())));
        }
        long size = storage(claim, "spec", "resources", "requests", "storage");
        if (size < storage(old, "spec", "resources", "requests", "storage") && size <= storage(old, "status", "capacity", "storage")) {
            e.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
        }
        StorageTexts.immutable(claim, old, "volumeMode", e, "spec", "volumeMode");
        attributes(claim, old, e);
    }

    private static long storage(Obj o, String... path) {
        return Quantity.units(o.get(path));
    }

    /** A class may be given to a claim that has none, or move from the annotation to the field. */
    private static void storageClass(Obj claim, Obj old, Obj now, Obj was, FieldErrors e) {
        String annotated = old.annotations().get(BETA_CLASS);
        boolean first = now.has("storageClassName") && !was.has("storageClassName")
                && (annotated == null || annotated.equals(now.text("storageClassName")));
        if (first) {
            was.put("storageClassName", now.get("storageClassName"));
        }
        boolean moved = first && annotated != null && (!claim.annotations().containsKey(BETA_CLASS)
                || claim.annotations().get(BETA_CLASS).equals(annotated));
        if (!moved && !java.util.Objects.equals(annotated, claim.annotations().get(BETA_CLASS))) {
            e.invalid("metadata.annotations[" + BETA_CLASS + "]", claim.annotations().getOrDefault(BETA_CLASS, ""), "field is immutable");
        }
    }

    private static void attributes(Obj claim, Obj old, FieldErrors e) {
        if (StorageTexts.same(claim, old, "spec", "volumeAttributesClassName") || !old.has("status", "currentVolumeAttributesClassName")) {
            return;
        }
        if (!claim.has("spec", "volumeAttributesClassName")) {
            e.forbidden("spec.volumeAttributesClassName", "update to nil is forbidden when status.currentVolumeAttributesClassName is not nil");
        } else if (claim.text("spec", "volumeAttributesClassName").isEmpty()) {
            e.forbidden("spec.volumeAttributesClassName",
                    "update to empty string is forbidden when status.currentVolumeAttributesClassName is not nil");
        }
    }

    static void status(Obj claim, Obj old, FieldErrors e) {
        for (String list : new String[] {"capacity", "allocatedResources"}) {
            Map<String, Object> quantities = claim.at("status", list).map();
            quantities.forEach((resource, quantity) -> {
                if (Quantity.units(quantity) < 0) {
                    e.invalid("status." + list + "[" + resource + "]", Quantity.units(quantity), "must be a valid resource quantity");
                }
            });
        }
    }
}
