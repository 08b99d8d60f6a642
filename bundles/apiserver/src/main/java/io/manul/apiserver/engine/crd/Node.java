package io.manul.apiserver.engine.crd;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One schema of a structural schema, compiled, without its texts ("Specifying a structural schema"). Immutable; reads a
 * schema of any shape, what is malformed counts as absent ({@link StructuralRules} says so).
 */
final class Node {

    /** Allowed JSON types; empty: any. */
    final List<String> types;
    final boolean nullable;
    /** Fields that are not described are kept. */
    final boolean preserve;
    /** A whole object with apiVersion, kind and metadata. */
    final boolean embedded;
    final Map<String, Node> properties;
    /** Of the values beside {@link #properties}; null: none are described. */
    final Node additional;
    /** {@code additionalProperties: true}. */
    final boolean anyAdditional;
    /** Of a list's items; null: not described. */
    final Node items;
    /** The default; null: none. */
    final Object standard;
    final boolean set;
    /** Keys of a list of type map; empty for others. */
    final List<String> mapKeys;
    final Rules rules;
    /** This schema or one inside it has a default. */
    final boolean defaulting;

    Node(Obj schema) {
        boolean intOrString = schema.flag("x-kubernetes-int-or-string");
        String type = schema.text("type");
        this.types = intOrString ? List.of("integer", "string") : type.isEmpty() ? List.of() : List.of(type);
        this.nullable = schema.flag("nullable");
        this.preserve = schema.flag("x-kubernetes-preserve-unknown-fields");
        this.embedded = schema.flag("x-kubernetes-embedded-resource");
        this.properties = properties(schema);
        this.additional = schema.object("additionalProperties").map(Node::new).orElse(null);
        this.anyAdditional = schema.flag("additionalProperties");
        this.items = schema.object("items").map(Node::new).orElse(null);
        this.standard = Json.copy(schema.get("default"));
        String listType = schema.text("x-kubernetes-list-type");
        this.set = listType.equals("set");
        this.mapKeys = listType.equals("map") ? List.copyOf(schema.strings("x-kubernetes-list-map-keys")) : List.of();
        this.rules = Rules.of(schema);
        this.defaulting = standard != null || properties.values().stream().anyMatch(n -> n.defaulting)
                || additional != null && additional.defaulting || items != null && items.defaulting;
    }

    private static Map<String, Node> properties(Obj schema) {
        Map<String, Node> out = new LinkedHashMap<>();
        schema.at("properties").map().forEach((name, v) -> Obj.from(v).ifPresent(s -> out.put(name, new Node(s))));
        return out.isEmpty() ? Map.of() : Collections.unmodifiableMap(out);
    }

    /** The schemas of a list of them. */
    static List<Node> all(Obj schema, String key) {
        List<Node> out = new ArrayList<>();
        schema.objects(key).forEach(s -> out.add(new Node(s)));
        return List.copyOf(out);
    }

    /** The schema of a field; null: it is not described. */
    Node child(String field) {
        Node known = properties.get(field);
        return known != null ? known : additional;
    }

    /** True when it may have parts by name. */
    boolean object() {
        return types.isEmpty() || types.contains("object");
    }
}
