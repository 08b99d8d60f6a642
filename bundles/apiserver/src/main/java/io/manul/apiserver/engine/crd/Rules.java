package io.manul.apiserver.engine.crd;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/** The value validations of one schema (JSONSchemaProps of the API reference). Immutable. */
final class Rules {

    /** Most schemas have none. */
    private static final Rules NONE = new Rules(Obj.of());

    /** No limit. */
    static final long NO = -1;

    final List<String> required;
    final List<Object> enums;
    /** Null: none. */
    final Regex pattern;
    final String format;
    /** Null: none. */
    final BigDecimal minimum;
    final boolean exclusiveMinimum;
    /** Null: none. */
    final BigDecimal maximum;
    final boolean exclusiveMaximum;
    /** Null: none. */
    final BigDecimal multipleOf;
    final long minLength;
    final long maxLength;
    final long minItems;
    final long maxItems;
    final long minProperties;
    final long maxProperties;
    final List<Node> allOf;
    final List<Node> anyOf;
    final List<Node> oneOf;
    /** Null: none. */
    final Node not;

    private Rules(Obj schema) {
        this.required = List.copyOf(schema.strings("required"));
        List<Object> values = new ArrayList<>();
        if (schema.get("enum") instanceof List<?> all) {
            all.forEach(v -> values.add(Json.copy(v)));
        }
        this.enums = Collections.unmodifiableList(values);
        this.pattern = schema.text("pattern").isEmpty() ? null : Regex.of(schema.text("pattern"));
        this.format = schema.text("format");
        this.minimum = decimal(schema.get("minimum"));
        this.exclusiveMinimum = schema.flag("exclusiveMinimum");
        this.maximum = decimal(schema.get("maximum"));
        this.exclusiveMaximum = schema.flag("exclusiveMaximum");
        this.multipleOf = decimal(schema.get("multipleOf"));
        this.minLength = limit(schema, "minLength");
        this.maxLength = limit(schema, "maxLength");
        this.minItems = limit(schema, "minItems");
        this.maxItems = limit(schema, "maxItems");
        this.minProperties = limit(schema, "minProperties");
        this.maxProperties = limit(schema, "maxProperties");
        this.allOf = Node.all(schema, "allOf");
        this.anyOf = Node.all(schema, "anyOf");
        this.oneOf = Node.all(schema, "oneOf");
        this.not = schema.object("not").map(Node::new).orElse(null);
    }

    static Rules of(Obj schema) {
        Rules made = new Rules(schema);
        return made.none() ? NONE : made;
    }

    private boolean none() {
        return required.isEmpty() && enums.isEmpty() && pattern == null && format.isEmpty() && minimum == null && maximum == null
                && multipleOf == null && minLength < 0 && maxLength < 0 && minItems < 0 && maxItems < 0 && minProperties < 0
                && maxProperties < 0 && allOf.isEmpty() && anyOf.isEmpty() && oneOf.isEmpty() && not == null;
    }

    private static long limit(Obj schema, String key) {
        OptionalLong n = schema.number(key);
        return n.isPresent() && n.getAsLong() >= 0 ? n.getAsLong() : NO;
    }

    /** A JSON number; null for anything else. */
    static BigDecimal decimal(Object value) {
        return switch (value) {
            case Long n -> BigDecimal.valueOf(n);
            case Integer n -> BigDecimal.valueOf(n);
            case BigInteger n -> new BigDecimal(n);
            case BigDecimal n -> n;
            case Double n when Double.isFinite(n) -> BigDecimal.valueOf(n);
            case null, default -> null;
        };
    }
}
