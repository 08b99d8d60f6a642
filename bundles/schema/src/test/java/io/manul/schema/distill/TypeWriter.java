package io.manul.schema.distill;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes types.txt. The format is told in {@code TypeParser}. */
final class TypeWriter {

    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    /** Named scalars, and the shape that a reference to them becomes. */
    private static final Map<String, String> SCALARS = Map.of(
            "io.k8s.apimachinery.pkg.api.resource.Quantity", "quantity",
            "io.k8s.apimachinery.pkg.util.intstr.IntOrString", "intOrString",
            META + "Time", "time",
            META + "MicroTime", "microTime");

    /** Types with a decoder of their own, below which upstream keeps what it does not know. */
    private static final Map<String, String> OPEN = Map.of(
            "io.k8s.apimachinery.pkg.runtime.RawExtension", "object",
            META + "FieldsV1", "object",
            META + "Patch", "object",
            EXTENSIONS + "JSON", "any",
            EXTENSIONS + "JSONSchemaPropsOrArray", "any",
            EXTENSIONS + "JSONSchemaPropsOrBool", "any",
            EXTENSIONS + "JSONSchemaPropsOrStringArray", "any");

    private static final Set<String> KNOWN = Set.of("type", "format", "description", "properties", "items",
            "additionalProperties", "required", "allOf", "$ref", "default", "oneOf", "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys", "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key",
            "x-kubernetes-map-type", "x-kubernetes-group-version-kind", "x-kubernetes-unions");

    private final Obj schemas;
    private final Obj definitions;
    private final Enums enums;

    TypeWriter(Obj schemas, Obj definitions, Enums enums) {
        this.schemas = schemas;
        this.definitions = definitions;
        this.enums = enums;
    }

    String text() {
        StringBuilder out = new StringBuilder("# Distilled; see TypeParser for the format. Do not edit: run Distiller.\n");
        Map<String, Map<String, Obj>> packages = new TreeMap<>();
        schemas.map().forEach((name, schema) -> {
            int dot = name.lastIndexOf('.');
            packages.computeIfAbsent(name.substring(0, dot), p -> new TreeMap<>()).put(name.substring(dot + 1),
                    Obj.from(schema).orElseThrow());
        });
        packages.forEach((pkg, types) -> {
            out.append("package ").append(pkg).append('\n');
            types.forEach((name, schema) -> type(out, pkg, name, schema));
        });
        enums.allUsed();
        return out.toString();
    }

    /** The name of the type of a kind; a dash where there is none. */
    String typeOf(String group, String version, String kind) {
        return definitions.map().entrySet().stream()
                .filter(e -> Obj.from(e.getValue()).orElseThrow().objects("x-kubernetes-group-version-kind").stream()
                        .anyMatch(g -> g.text("group").equals(group) && g.text("version").equals(version) && g.kind().equals(kind)))
                .map(Map.Entry::getKey).findFirst().orElse("-");
    }

    private void type(StringBuilder out, String pkg, String name, Obj schema) {
        String full = pkg + "." + name;
        known(full, schema);
        out.append(name);
        List<String> gvks = Obj.from(definitions.get(full)).orElseThrow().objects("x-kubernetes-group-version-kind").stream()
                .map(g -> g.text("group") + "/" + g.text("version") + "/" + g.kind()).toList();
        if (!gvks.isEmpty()) {
            out.append(" gvk=").append(String.join(",", gvks));
        }
        if (SCALARS.containsKey(full)) {
            out.append(" shape=").append(SCALARS.get(full));
        } else if (OPEN.containsKey(full)) {
            out.append(OPEN.get(full).equals("any") ? " shape=any preserve" : " preserve");
        }
        if (schema.has("x-kubernetes-map-type")) {
            out.append(' ').append(schema.text("x-kubernetes-map-type"));
        }
        if (schema.has("x-kubernetes-unions")) {
            out.append(" unions=").append(Json.text(schema.get("x-kubernetes-unions")));
        }
        out.append('\n');
        List<String> required = schema.strings("required");
        new TreeMap<>(schema.at("properties").map()).forEach((field, value) ->
                field(out, pkg, full, field, Obj.from(value).orElseThrow(), required.contains(field)));
    }

    private void field(StringBuilder out, String pkg, String type, String name, Obj schema, boolean required) {
        known(type + "." + name, schema);
        out.append(' ').append(name).append(' ').append(shape(pkg, schema));
        if (required) {
            out.append(" req");
        }
        if (schema.map().containsKey("default")) {
            String json = Json.text(schema.get("default"));
            out.append(Set.of("{}", "\"\"", "0", "false").contains(json) ? " zero" : " default=" + json);
        }
        List<String> values = enums.of(type, name);
        option(out, "enum", String.join(",", values));
        option(out, "list", schema.text("x-kubernetes-list-type"));
        option(out, "keys", String.join(",", schema.strings("x-kubernetes-list-map-keys")));
        option(out, "patch", schema.text("x-kubernetes-patch-strategy"));
        option(out, "mergeKey", schema.text("x-kubernetes-patch-merge-key"));
        if (schema.has("x-kubernetes-map-type")) {
            out.append(' ').append(schema.text("x-kubernetes-map-type"));
        }
        out.append('\n');
    }

    private static void option(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            out.append(' ').append(name).append('=').append(value);
        }
    }

    private static String shape(String pkg, Obj schema) {
        String ref = schema.text("$ref");
        if (ref.isEmpty() && schema.has("allOf")) {
            ref = schema.objects("allOf").getFirst().text("$ref");
        }
        if (!ref.isEmpty()) {
            String name = ref.substring(ref.lastIndexOf('/') + 1);
            return SCALARS.getOrDefault(name, name.startsWith(pkg + ".") && name.lastIndexOf('.') == pkg.length()
                    ? name.substring(pkg.length() + 1) : name);
        }
        List<String> key = new ArrayList<>(List.of(schema.text("type")));
        if (schema.has("format")) {
            key.add(schema.text("format"));
        }
        return switch (String.join(":", key)) {
            case "array" -> "[" + shape(pkg, schema.at("items")) + "]";
            case "object" -> schema.has("additionalProperties") ? "{" + shape(pkg, schema.at("additionalProperties")) + "}"
                    : "object";
            case "string" -> "string";
            case "string:byte" -> "bytes";
            case "integer:int32" -> "int32";
            case "integer:int64" -> "int64";
            case "number:double" -> "double";
            case "boolean" -> "boolean";
            case "" -> "any";
            default -> throw new IllegalStateException("no shape for " + key);
        };
    }

    /** A keyword that this class does not carry over must not pass unseen. */
    private static void known(String where, Obj schema) {
        schema.map().keySet().stream().filter(k -> !KNOWN.contains(k)).findFirst().ifPresent(k -> {
            throw new IllegalStateException(where + " has a keyword that the tables cannot hold: " + k);
        });
        if (!Set.of("", "atomic", "granular").contains(schema.text("x-kubernetes-map-type"))) {
            throw new IllegalStateException(where + " has map type " + schema.text("x-kubernetes-map-type"));
        }
    }
}
