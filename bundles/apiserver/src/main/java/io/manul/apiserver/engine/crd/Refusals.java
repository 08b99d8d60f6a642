package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;

/** What a definition may say upstream and this server does not do: to take it would pretend. docs/deviations.md lists it. */
final class Refusals {

    private static final String RULES = "x-kubernetes-validations";

    private Refusals() {
    }

    static void check(Obj crd) throws ApiException {
        if (crd.text("spec", "conversion", "strategy").equals("Webhook")) {
            throw ApiException.notImplemented("CustomResourceDefinition " + crd.name() + " was not stored: spec.conversion.strategy "
                    + "Webhook is not served yet, this server converts with strategy None only (all versions have the same fields)");
        }
        List<Obj> versions = crd.objects("spec", "versions");
        for (int i = 0; i < versions.size(); i++) {
            check(crd, versions.get(i).get("schema", "openAPIV3Schema"), "spec.versions[" + i + "].schema.openAPIV3Schema");
        }
    }

    private static void check(Obj crd, Object schema, String path) throws ApiException {
        if (!(schema instanceof Map<?, ?> map)) {
            return;
        }
        if (map.get(RULES) instanceof List<?> rules && !rules.isEmpty()) {
            throw ApiException.notImplemented("CustomResourceDefinition " + crd.name() + " was not stored: " + path + "." + RULES
                    + ": rules in CEL are not evaluated by this server yet; remove them where objects may go unchecked");
        }
        if (map.get("properties") instanceof Map<?, ?> properties) {
            for (Map.Entry<?, ?> e : properties.entrySet()) {
                check(crd, e.getValue(), path + ".properties[" + e.getKey() + "]");
            }
        }
        for (String inner : List.of("items", "additionalProperties", "not")) {
            check(crd, map.get(inner), path + "." + inner);
        }
        for (String several : List.of("allOf", "anyOf", "oneOf")) {
            if (map.get(several) instanceof List<?> all) {
                for (int i = 0; i < all.size(); i++) {
                    check(crd, all.get(i), path + "." + several + "[" + i + "]");
                }
            }
        }
    }
}
