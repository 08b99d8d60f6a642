package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What makes a schema structural ("Specifying a structural schema"), in upstream's wording. Stateless. */
final class StructuralRules {

    private static final Set<String> TYPES = Set.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> UNSUPPORTED = List.of("$ref", "definitions", "dependencies", "id", "additionalItems",
            "patternProperties");
    private static final Set<String> LIST_TYPES = Set.of("atomic", "map", "set");
    private static final Set<String> MAP_TYPES = Set.of("atomic", "granular");
    /** What a schema inside allOf, anyOf, oneOf or not may not say. */
    private static final List<String> NOT_IN_JUNCTORS = List.of("additionalProperties", "default", "description", "nullable", "title",
            "type", "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string", "x-kubernetes-list-map-keys",
            "x-kubernetes-list-type", "x-kubernetes-map-type", "x-kubernetes-preserve-unknown-fields");

    private StructuralRules() {
    }

    static void check(Obj schema, String path, FieldErrors errors) {
        if (schema.text("type").isEmpty()) {
            errors.required(path + ".type", "must not be empty at the root");
        } else if (!schema.text("type").equals("object")) {
            errors.invalid(path + ".type", schema.text("type"), "must be object at the root");
        }
        schema.object("properties", "metadata").ifPresent(m -> metadata(m, path + ".properties[metadata]", errors));
        one(schema, path, errors);
    }

    /** Every object has its metadata; a schema may only narrow two fields of it. */
    private static void metadata(Obj schema, String path, FieldErrors errors) {
        Set<String> restricted = schema.at("properties").map().keySet();
        if (!Set.of("name", "generateName").containsAll(restricted) || schema.has("required") || schema.has("additionalProperties")) {
            errors.forbidden(path, "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    private static void one(Obj schema, String path, FieldErrors errors) {
        keywords(schema, path, errors);
        extensions(schema, path, errors);
        schema.at("properties").map().forEach((name, v) -> Obj.from(v).ifPresentOrElse(s -> {
            typed(s, path + ".properties[" + name + "]", "must not be empty for specified object fields", errors);
            one(s, path + ".properties[" + name + "]", errors);
        }, () -> errors.invalid(path + ".properties[" + name + "]", v, "must be a schema")));
        schema.object("additionalProperties").ifPresent(s -> {
            typed(s, path + ".additionalProperties", "must not be empty for specified object fields", errors);
            one(s, path + ".additionalProperties", errors);
        });
        schema.object("items").ifPresent(s -> {
            typed(s, path + ".items", "must not be empty for specified array items", errors);
            one(s, path + ".items", errors);
        });
        junctors(schema, path, schema, path, errors);
        standard(schema, path, errors);
    }

    private static void typed(Obj schema, String path, String why, FieldErrors errors) {
        boolean intOrString = schema.flag("x-kubernetes-int-or-string");
        if (schema.text("type").isEmpty() && !intOrString && !schema.flag("x-kubernetes-preserve-unknown-fields")) {
            errors.required(path + ".type", why);
        } else if (!schema.text("type").isEmpty() && intOrString) {
            errors.invalid(path + ".type", schema.text("type"), "must be empty if x-kubernetes-int-or-string is true");
        }
    }

    private static void keywords(Obj schema, String path, FieldErrors errors) {
        UNSUPPORTED.stream().filter(schema::has).forEach(k -> errors.forbidden(path + "." + k, k + " is not supported"));
        String type = schema.text("type");
        if (!type.isEmpty() && !TYPES.contains(type)) {
            errors.notSupported(path + ".type", type, TYPES);
        }
        if (schema.flag("uniqueItems")) {
            errors.forbidden(path + ".uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
            errors.forbidden(path + ".additionalProperties", "additionalProperties cannot be set to false");
        }
        if (!schema.at("properties").isEmpty() && schema.has("additionalProperties")) {
            errors.forbidden(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
        }
        if (schema.get("items") instanceof List<?>) {
            errors.forbidden(path + ".items", "items must be a schema object and not an array");
        } else if (type.equals("array") && !(schema.get("items") instanceof Map<?, ?>)) {
            errors.required(path + ".items", "must be specified");
        }
        String pattern = schema.text("pattern");
        if (!pattern.isEmpty() && !Regex.of(pattern).wrong().isEmpty()) {
            errors.invalid(path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + Regex.of(pattern).wrong());
        }
    }

    private static void extensions(Obj schema, String path, FieldErrors errors) {
        String type = schema.text("type");
        if (Boolean.FALSE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))) {
            errors.invalid(path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
        }
        if (schema.flag("x-kubernetes-embedded-resource") && !type.equals("object")) {
            errors.invalid(path + ".type", type, "must be object if x-kubernetes-embedded-resource is true");
        } else if (schema.flag("x-kubernetes-embedded-resource") && !schema.flag("x-kubernetes-preserve-unknown-fields")
                && schema.at("properties").isEmpty()) {
            errors.required(path + ".properties", "must not be empty if x-kubernetes-embedded-resource is true without "
                    + "x-kubernetes-preserve-unknown-fields");
        }
        String mapType = schema.text("x-kubernetes-map-type");
        if (!mapType.isEmpty() && !MAP_TYPES.contains(mapType)) {
            errors.notSupported(path + ".x-kubernetes-map-type", mapType, MAP_TYPES);
        } else if (!mapType.isEmpty() && !type.equals("object")) {
            errors.invalid(path + ".type", type, "must be object if x-kubernetes-map-type is specified");
        }
        list(schema, path, errors);
    }

    private static void list(Obj schema, String path, FieldErrors errors) {
        String listType = schema.text("x-kubernetes-list-type");
        List<String> keys = schema.strings("x-kubernetes-list-map-keys");
        if (!listType.isEmpty() && !LIST_TYPES.contains(listType)) {
            errors.notSupported(path + ".x-kubernetes-list-type", listType, LIST_TYPES);
        } else if (!listType.isEmpty() && !schema.text("type").equals("array")) {
            errors.invalid(path + ".type", schema.text("type"), "must be array if x-kubernetes-list-type is specified");
        }
        if (!listType.equals("map")) {
            if (!keys.isEmpty()) {
                errors.invalid(path + ".x-kubernetes-list-type", listType, "must be map if x-kubernetes-list-map-keys is non-empty");
            }
            return;
        }
        if (keys.isEmpty()) {
            errors.required(path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        }
        Obj item = schema.at("items");
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            if (!item.has("properties", key)) {
                errors.invalid(path + ".x-kubernetes-list-map-keys[" + i + "]", key, "entries must all be names of item properties");
            } else if (!item.strings("required").contains(key) && !item.has("properties", key, "default")) {
                errors.required(path + ".items.properties[" + key + "].default",
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
            }
        }
    }

    // ---- allOf, anyOf, oneOf, not

    /** @param main the schema that describes the same value outside of them, where its fields must stand as well */
    private static void junctors(Obj schema, String path, Obj main, String mainPath, FieldErrors errors) {
        for (String junctor : List.of("allOf", "anyOf", "oneOf")) {
            List<Obj> all = schema.objects(junctor);
            for (int i = 0; i < all.size(); i++) {
                boolean typeOnly = main.flag("x-kubernetes-int-or-string");
                inJunctor(all.get(i), path + "." + junctor + "[" + i + "]", main, mainPath, typeOnly, errors);
            }
        }
        schema.object("not").ifPresent(s -> inJunctor(s, path + ".not", main, mainPath, false, errors));
    }

    private static void inJunctor(Obj schema, String path, Obj main, String mainPath, boolean mayType, FieldErrors errors) {
        for (String keyword : NOT_IN_JUNCTORS) {
            if (schema.has(keyword) && !(mayType && keyword.equals("type"))) {
                errors.forbidden(path + "." + keyword, "must be empty to be structural");
            }
        }
        String pattern = schema.text("pattern");
        if (!pattern.isEmpty() && !Regex.of(pattern).wrong().isEmpty()) {
            errors.invalid(path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + Regex.of(pattern).wrong());
        }
        schema.at("properties").map().forEach((name, v) -> Obj.from(v).ifPresent(s -> {
            String at = mainPath + ".properties[" + name + "]";
            if (!main.has("properties", name)) {
                errors.required(at, "because it is defined in " + path + ".properties[" + name + "]");
            }
            inJunctor(s, path + ".properties[" + name + "]", main.at("properties", name), at,
                    main.flag("properties", name, "x-kubernetes-int-or-string"), errors);
        }));
        schema.object("items").ifPresent(s -> {
            if (!main.has("items")) {
                errors.required(mainPath + ".items", "because it is defined in " + path + ".items");
            }
            inJunctor(s, path + ".items", main.at("items"), mainPath + ".items", false, errors);
        });
        junctors(schema, path, main, mainPath, errors);
    }

    // ---- default

    private static void standard(Obj schema, String path, FieldErrors errors) {
        if (!schema.has("default")) {
            return;
        }
        Node node = new Node(schema);
        FieldErrors found = new FieldErrors();
        Object filled = Json.copy(schema.get("default"));
        Defaulting.fill(filled, node);
        Values.check(filled, node, path + ".default", found);
        found.causes().forEach(c -> errors.invalid(c.text("field"), schema.get("default"), c.text("message")));
    }
}
