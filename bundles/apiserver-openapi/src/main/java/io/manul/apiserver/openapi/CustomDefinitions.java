package io.manul.apiserver.openapi;

import io.manul.apiserver.openapi.DynamicTypes.CustomKind;
import io.manul.json.Json;
import io.manul.json.Obj;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Custom kinds as OpenAPI schemas: the version's own schema with what every object has, and its list. Named as upstream names
 * them: the group's parts in reverse, the version, the kind.
 */
final class CustomDefinitions {

    /** Keywords that OpenAPI 2.0 has not, or that its clients take for errors in a custom resource. */
    private static final Set<String> NOT_IN_V2 = Set.of("allOf", "anyOf", "oneOf", "not", "nullable", "default",
            "x-kubernetes-validations");

    private CustomDefinitions() {
    }

    static String name(Resource resource, String kind) {
        List<String> parts = new ArrayList<>(List.of(resource.group().split("\\.")));
        Collections.reverse(parts);
        return String.join(".", parts) + "." + resource.version() + "." + kind;
    }

    static Obj object(CustomKind custom, Dialect dialect) {
        Obj out = Obj.from(Json.copy(custom.schema())).orElseThrow();
        if (dialect == Dialect.V2) {
            downgrade(out);
        }
        if (!out.has("type") && !out.has("properties")) {
            out.put("type", "object");
        }
        if (out.has("properties") || !out.flag("x-kubernetes-preserve-unknown-fields")) {
            typeMeta(out.make("properties"));
            out.make("properties").put("metadata", reference("ObjectMeta", dialect));
        }
        return out.put("x-kubernetes-group-version-kind", List.of(Definitions.kind(custom.resource().groupVersionKind())));
    }

    static Obj list(Resource resource, Dialect dialect) {
        Obj properties = Obj.of();
        typeMeta(properties);
        properties.put("metadata", reference("ListMeta", dialect));
        properties.put("items", Obj.of("type", "array", "description", "List of " + resource.plural() + ".", "items",
                Obj.of("$ref", dialect.ref(name(resource, resource.kind())))));
        GroupVersionKind kind = new GroupVersionKind(resource.group(), resource.version(), resource.listKind());
        return Obj.of("description", resource.listKind() + " is a list of " + resource.kind() + ".", "type", "object",
                "required", List.of("items"), "properties", properties, "x-kubernetes-group-version-kind",
                List.of(Definitions.kind(kind)));
    }

    private static void typeMeta(Obj properties) {
        properties.put("apiVersion", Obj.of("type", "string", "description", "The group and version of this object's form."));
        properties.put("kind", Obj.of("type", "string", "description", "The kind of this object, in CamelCase."));
    }

    private static Obj reference(String metaType, Dialect dialect) {
        String ref = dialect.ref(Definitions.META + metaType);
        return dialect == Dialect.V2 ? Obj.of("$ref", ref, "description", "Standard metadata.")
                : Obj.of("allOf", List.of(Obj.of("$ref", ref)), "description", "Standard metadata.");
    }

    /**
     * What OpenAPI 2.0 can say of a structural schema. A nullable value loses its type, since 2.0 has no null; an open object
     * loses its fields, since clients would refuse the unknown ones beside them.
     */
    private static void downgrade(Obj schema) {
        boolean nullable = schema.flag("nullable");
        boolean open = schema.flag("x-kubernetes-preserve-unknown-fields");
        if (nullable || schema.flag("x-kubernetes-int-or-string")) {
            schema.remove("type");
        }
        if (nullable || open) {
            List.of("properties", "items", "additionalProperties", "required").forEach(schema::remove);
        }
        NOT_IN_V2.forEach(schema::remove);
        schema.object("properties").ifPresent(p -> p.map().values().forEach(v -> Obj.from(v).ifPresent(CustomDefinitions::downgrade)));
        for (String inner : List.of("items", "additionalProperties")) {
            if (schema.get(inner) instanceof Map<?, ?>) {
                downgrade(schema.at(inner));
            }
        }
    }
}
