package io.manul.apiserver.engine.validation;

import io.manul.apiserver.engine.selector.Labels;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.schema.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rules of ObjectMeta that every object follows (Kubernetes API reference, ObjectMeta). */
public final class Metadata {

    private static final int ANNOTATIONS_LIMIT = 256 << 10;
    private static final String QUALIFIED = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start "
            + "and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private static final String LABEL_VALUE = "a valid label must be an empty string or consist of alphanumeric characters, '-', "
            + "'_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
            + "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    /** Finalizers without a domain that upstream knows. */
    private static final List<String> PLAIN_FINALIZERS = List.of("orphan", "foregroundDeletion", "kubernetes");

    private Metadata() {
    }

    public static void validate(Resource resource, Obj object, FieldErrors errors) {
        String name = object.name();
        if (name.isEmpty()) {
            errors.required("metadata.name", "name or generateName is required");
        } else {
            Names.wrong(resource.groupResource(), name).ifPresent(why -> errors.invalid("metadata.name", name, why));
        }
        if (resource.namespaced()) {
            if (object.namespace().isEmpty()) {
                errors.required("metadata.namespace", "");
            } else {
                Names.label(object.namespace())
                        .ifPresent(why -> errors.invalid("metadata.namespace", object.namespace(), why));
            }
        } else if (!object.namespace().isEmpty()) {
            errors.forbidden("metadata.namespace", "not allowed on this type");
        }
        labels(object.labels(), "metadata.labels", errors);
        annotations(object.annotations(), errors);
        for (String finalizer : object.strings("metadata", "finalizers")) {
            finalizer(finalizer, errors);
        }
        owners(object.objects("metadata", "ownerReferences"), errors);
    }

    public static void validateUpdate(Obj object, Obj old, FieldErrors errors) {
        if (old.deleting()) {
            List<String> added = new ArrayList<>(object.strings("metadata", "finalizers"));
            added.removeAll(old.strings("metadata", "finalizers"));
            if (!added.isEmpty()) {
                errors.forbidden("metadata.finalizers", "no new finalizers can be added if the object is being deleted, found "
                        + "new finalizers []string{\"" + String.join("\", \"", added) + "\"}");
            }
        }
    }

    public static void labels(Map<String, String> labels, String path, FieldErrors errors) {
        labels.forEach((k, v) -> {
            if (!Labels.isKey(k)) {
                errors.invalid(path, k, QUALIFIED);
            }
            if (!Labels.isValue(v)) {
                errors.invalid(path, v, v.length() > 63 ? "must be no more than 63 bytes" : LABEL_VALUE);
            }
        });
    }

    private static void annotations(Map<String, String> annotations, FieldErrors errors) {
        long size = 0;
        for (Map.Entry<String, String> e : annotations.entrySet()) {
            if (!Labels.isKey(e.getKey().toLowerCase(Locale.ROOT))) {
                errors.invalid("metadata.annotations", e.getKey(), QUALIFIED);
            }
            size += e.getKey().getBytes(StandardCharsets.UTF_8).length + e.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (size > ANNOTATIONS_LIMIT) {
            errors.tooLong("metadata.annotations", ANNOTATIONS_LIMIT);
        }
    }

    private static void finalizer(String finalizer, FieldErrors errors) {
        if (!Labels.isKey(finalizer)) {
            errors.invalid("metadata.finalizers", finalizer, QUALIFIED);
        } else if (finalizer.indexOf('/') < 0 && !PLAIN_FINALIZERS.contains(finalizer)
                && !finalizer.equals("customresourcecleanup.apiextensions.k8s.io") && finalizer.indexOf('.') < 0) {
            errors.invalid("metadata.finalizers", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    private static void owners(List<Obj> owners, FieldErrors errors) {
        String controller = "";
        for (int i = 0; i < owners.size(); i++) {
            Obj owner = owners.get(i);
            String at = "metadata.ownerReferences[" + i + "]";
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.text(field).isEmpty()) {
                    errors.invalid(at + "." + field, owner.text(field), (field.equals("apiVersion") ? "version" : field)
                            + " must not be empty");
                }
            }
            if (owner.flag("controller")) {
                String name = owner.text("kind") + " " + owner.text("name");
                if (!controller.isEmpty()) {
                    errors.invalid("metadata.ownerReferences", owner.text("name"), "Only one reference can have Controller set to "
                            + "true. Found \"true\" in references for " + controller + " and " + name);
                }
                controller = name;
            }
        }
    }
}
