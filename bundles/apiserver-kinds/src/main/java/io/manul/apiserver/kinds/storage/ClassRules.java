package io.manul.apiserver.kinds.storage;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Validation of StorageClass and VolumeAttributesClass (API reference of each). */
final class ClassRules {

    private static final Set<String> POLICIES = Set.of("Delete", "Retain");
    private static final Set<String> MODES = Set.of("Immediate", "WaitForFirstConsumer");
    private static final int MOST_PARAMETERS = 512;
    private static final int MOST_BYTES = 256 << 10;

    private ClassRules() {
    }

    static void storageClass(Obj c, FieldErrors e) {
        provisioner(c.text("provisioner"), "provisioner", e);
        parameters(c, true, e);
        Texts.oneOf(c.text("reclaimPolicy"), "reclaimPolicy", POLICIES, e);
        Texts.oneOf(c.text("volumeBindingMode"), "volumeBindingMode", MODES, e);
        topologies(c.objects("allowedTopologies"), e);
    }

    private static void provisioner(String name, String path, FieldErrors e) {
        if (name.isEmpty()) {
            e.required(path, "");
        } else {
            StorageTexts.qualified(name.toLowerCase(Locale.ROOT), path, e);
        }
    }

    private static void parameters(Obj c, boolean mayBeEmpty, FieldErrors e) {
        Map<String, String> parameters = c.stringMap("parameters");
        if (parameters.size() > MOST_PARAMETERS) {
            e.tooLong("parameters", MOST_PARAMETERS);
            return;
        }
        long size = 0;
        for (Map.Entry<String, String> p : parameters.entrySet()) {
            if (p.getKey().isEmpty()) {
                e.invalid("parameters", p.getKey(), "field can not be empty.");
            }
            size += p.getKey().length() + p.getValue().length();
        }
        if (size > MOST_BYTES) {
            e.tooLong("parameters", MOST_BYTES);
        }
        if (!mayBeEmpty && parameters.isEmpty()) {
            e.required("parameters", "must contain at least one key/value pair");
        }
    }

    private static void topologies(List<Obj> terms, FieldErrors e) {
        Set<Obj> seen = new HashSet<>();
        for (int i = 0; i < terms.size(); i++) {
            List<Obj> expressions = terms.get(i).objects("matchLabelExpressions");
            Set<String> keys = new HashSet<>();
            for (int j = 0; j < expressions.size(); j++) {
                String at = "allowedTopologies[" + i + "].matchLabelExpressions[" + j + "]";
                Obj x = expressions.get(j);
                if (x.strings("values").isEmpty()) {
                    e.required(at + ".values", "");
                }
                Set<String> values = new HashSet<>();
                x.strings("values").stream().filter(v -> !values.add(v)).forEach(v -> e.duplicate(at + ".values", v));
                StorageTexts.qualified(x.text("key"), at + ".key", e);
                if (!keys.add(x.text("key"))) {
                    e.duplicate(at + ".key", x.text("key"));
                }
            }
            if (!seen.add(terms.get(i))) {
                e.duplicate("allowedTopologies[" + i + "].matchLabelExpressions", "");
            }
        }
    }

    static void storageClassChange(Obj c, Obj old, FieldErrors e) {
        for (String field : List.of("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")) {
            StorageTexts.immutable(c, old, field, e, field);
        }
    }

    static void attributesClass(Obj c, FieldErrors e) {
        provisioner(c.text("driverName"), "driverName", e);
        parameters(c, false, e);
    }

    static void attributesClassChange(Obj c, Obj old, FieldErrors e) {
        if (!StorageTexts.same(c, old, "driverName")) {
            e.forbidden("driverName", "updates to driverName are forbidden.");
        }
        if (!StorageTexts.same(c, old, "parameters")) {
            e.forbidden("parameters", "updates to parameters are forbidden.");
        }
    }
}
