package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CustomResourceDefinition, apiextensions.k8s.io/v1. Names are accepted and the kind is established with the write itself:
 * there is one server, nobody else has to learn of it first. Stateless; safe from any thread.
 */
public final class CrdStrategy implements Strategy {

    static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    @Override
    public void defaults(Obj crd) {
        Obj spec = crd.make("spec");
        Obj names = spec.make("names");
        String kind = names.text("kind");
        if (!kind.isEmpty() && names.text("singular").isEmpty()) {
            names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (!kind.isEmpty() && names.text("listKind").isEmpty()) {
            names.put("listKind", kind + "List");
        }
        if (spec.text("conversion", "strategy").isEmpty()) {
            spec.set("None", "conversion", "strategy");
        }
        if (!spec.flag("preserveUnknownFields")) {
            spec.remove("preserveUnknownFields"); // false is not shown
        }
    }

    @Override
    public void prepareCreate(Obj crd, Write write) throws ApiException {
        Refusals.check(crd);
        finalizer(crd);
        CrdStatus.update(crd, write);
    }

    @Override
    public void prepareUpdate(Obj crd, Obj old, Write write) throws ApiException {
        Refusals.check(crd);
        if (!crd.deleting()) {
            finalizer(crd);
        }
        CrdStatus.update(crd, write);
    }

    /** A client may say which versions are stored no more; names and conditions stay the server's. */
    @Override
    public void prepareStatus(Obj crd, Obj old, Write write) throws ApiException {
        crd.make("status").put("acceptedNames", old.get("status", "acceptedNames"));
        CrdStatus.update(crd, write);
    }

    private static void finalizer(Obj crd) {
        List<String> all = new ArrayList<>(crd.strings("metadata", "finalizers"));
        if (!all.contains(FINALIZER)) {
            all.add(FINALIZER);
            crd.set(all, "metadata", "finalizers");
        }
    }

    @Override
    public void validate(Obj crd, FieldErrors errors) {
        CrdRules.check(crd, errors);
        stored(crd, errors);
    }

    @Override
    public void validateUpdate(Obj crd, Obj old, FieldErrors errors) {
        immutable(crd, old, "group", errors);
        immutable(crd, old, "names.plural", errors);
        if (new Definition(old).established()) {
            immutable(crd, old, "scope", errors);
            immutable(crd, old, "names.kind", errors);
        }
    }

    private static void immutable(Obj crd, Obj old, String field, FieldErrors errors) {
        String[] path = ("spec." + field).split("\\.");
        if (!crd.text(path).equals(old.text(path))) {
            errors.immutable("spec." + field, crd.text(path));
        }
    }

    @Override
    public void validateStatus(Obj crd, Obj old, FieldErrors errors) {
        stored(crd, errors);
    }

    private static void stored(Obj crd, FieldErrors errors) {
        List<String> versions = crd.objects("spec", "versions").stream().map(v -> v.text("name")).toList();
        List<String> stored = crd.strings("status", "storedVersions");
        if (stored.isEmpty()) {
            errors.invalid("status.storedVersions", List.of(), "must have at least one stored version");
        }
        for (int i = 0; i < stored.size(); i++) {
            String v = stored.get(i);
            if (!versions.contains(v)) {
                errors.invalid("status.storedVersions[" + i + "]", v, "missing from spec.versions; " + v + " was previously a storage "
                        + "version, and must remain in spec.versions until a storage migration ensures no data remains persisted in " + v
                        + " and removes " + v + " from status.storedVersions");
            }
        }
    }

    /** Names are compared with those of the other definitions. */
    @Override
    public boolean serialized() {
        return true;
    }
}
