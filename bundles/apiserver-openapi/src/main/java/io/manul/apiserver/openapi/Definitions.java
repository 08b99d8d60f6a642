package io.manul.apiserver.openapi;

import io.manul.json.Obj;
import io.manul.schema.Descriptions;
import io.manul.schema.Field;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Schema;
import io.manul.schema.Shape;
import io.manul.schema.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Types of the schema as OpenAPI schemas, with the x-kubernetes extensions. */
final class Definitions {

    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private static final Map<Shape.Scalar, String> NAMED = Map.of(
            Shape.Scalar.QUANTITY, "io.k8s.apimachinery.pkg.api.resource.Quantity",
            Shape.Scalar.INT_OR_STRING, "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
            Shape.Scalar.TIME, META + "Time",
            Shape.Scalar.MICRO_TIME, META + "MicroTime");

    private final Schema schema;
    private final Descriptions texts;
    private final Dialect dialect;

    Definitions(Schema schema, Descriptions texts, Dialect dialect) {
        this.schema = schema;
        this.texts = texts;
        this.dialect = dialect;
    }

    /** @param shown which of several kinds of one type are named (the options that every group shares) */
    Obj of(Type type, Predicate<GroupVersionKind> shown) {
        Obj out = Obj.of();
        text(out, texts.of(type.name()));
        scalar(out, type.shape());
        if (!type.fields().isEmpty()) {
            Obj properties = out.make("properties");
            type.fields().values().forEach(f -> properties.put(f.name(), field(type, f)));
        }
        if (!type.required().isEmpty()) {
            out.put("required", type.required());
        }
        List<Obj> kinds = type.kinds().stream().filter(k -> type.kinds().size() == 1 || shown.test(k)).map(Definitions::kind).toList();
        if (!kinds.isEmpty()) {
            out.put("x-kubernetes-group-version-kind", kinds);
        }
        if (type.atomic()) {
            out.put("x-kubernetes-map-type", "atomic");
        }
        return type.unions().isEmpty() ? out : out.put("x-kubernetes-unions", type.unions());
    }

    static Obj kind(GroupVersionKind kind) {
        return Obj.of("group", kind.group(), "version", kind.version(), "kind", kind.kind());
    }

    private void scalar(Obj out, Shape.Scalar scalar) {
        if (dialect == Dialect.V3 && scalar == Shape.Scalar.QUANTITY) {
            out.put("oneOf", List.of(Obj.of("type", "string"), Obj.of("type", "number")));
        } else if (dialect == Dialect.V3 && scalar == Shape.Scalar.INT_OR_STRING) {
            out.put("oneOf", List.of(Obj.of("type", "integer"), Obj.of("type", "string")));
        } else if (!scalar.type().isEmpty()) {
            out.put("type", scalar.type());
        }
        if (!scalar.format().isEmpty()) {
            out.put("format", scalar.format());
        }
    }

    private Obj field(Type type, Field field) {
        Obj out = Obj.of();
        String own = texts.of(type.name(), field.name());
        Optional<String> ref = ref(field.shape());
        text(out, own.isEmpty() ? ref.map(texts::of).orElse("") : own);
        if (dialect == Dialect.V3 && field.defaultValue() != null) {
            out.put("default", field.defaultValue());
        }
        if (!field.patchStrategy().isEmpty()) {
            out.put("x-kubernetes-patch-strategy", String.join(",", new TreeSet<>(field.patchStrategy())));
        }
        option(out, "x-kubernetes-patch-merge-key", field.patchMergeKey());
        if (field.listType() != Field.ListType.NONE) {
            out.put("x-kubernetes-list-type", field.listType().name().toLowerCase(Locale.ROOT));
        }
        if (!field.listMapKeys().isEmpty()) {
            out.put("x-kubernetes-list-map-keys", field.listMapKeys());
        }
        option(out, "x-kubernetes-map-type", field.mapType());
        if (ref.isPresent()) {
            return reference(out, ref.get());
        }
        shape(out, field.shape(), field.enums());
        return out;
    }

    private Obj reference(Obj siblings, String type) {
        return dialect == Dialect.V3 && !siblings.isEmpty()
                ? siblings.put("allOf", List.of(Obj.of("$ref", dialect.ref(type))))
                : siblings.put("$ref", dialect.ref(type));
    }

    /** Writes the keywords of a shape; enums belong to the innermost value. */
    private void shape(Obj out, Shape shape, List<String> enums) {
        Optional<String> ref = ref(shape);
        if (ref.isPresent()) {
            reference(out, ref.get());
            return;
        }
        switch (shape) {
            case Shape.ListOf list -> shape(out.put("type", "array").make("items"), list.items(), enums);
            case Shape.MapOf map -> shape(out.put("type", "object").make("additionalProperties"), map.values(), enums);
            case Shape.Scalar scalar -> {
                scalar(out, scalar);
                if (!enums.isEmpty()) {
                    out.put("enum", enums);
                }
            }
            case Shape.Ref r -> throw new IllegalStateException("a reference was taken for a shape: " + r);
        }
    }

    private static Optional<String> ref(Shape shape) {
        return switch (shape) {
            case Shape.Ref r -> Optional.of(r.type());
            case Shape.Scalar scalar -> Optional.ofNullable(NAMED.get(scalar));
            default -> Optional.empty();
        };
    }

    /** Adds the types of a version's bodies and answers, events of its watches too, and all types that they lead to. */
    void closure(Api.Version version, List<Operation> operations, Set<String> into) {
        for (Operation o : operations) {
            for (String name : List.of(o.body(), o.response())) {
                if (schema.type(name).isPresent()) {
                    closure(name, into);
                }
            }
        }
        if (version.resources().stream().anyMatch(r -> r.allows("watch"))) {
            closure(META + "WatchEvent", into);
        }
        if (!version.custom().isEmpty()) {
            closure(META + "ObjectMeta", into);
            closure(META + "ListMeta", into);
        }
    }

    /** Adds the type and all types that it leads to. */
    private void closure(String name, Set<String> into) {
        if (into.add(name)) {
            schema.type(name).ifPresent(t -> t.fields().values().forEach(f -> closure(f.shape(), into)));
        }
    }

    private void closure(Shape shape, Set<String> into) {
        switch (shape) {
            case Shape.ListOf list -> closure(list.items(), into);
            case Shape.MapOf map -> closure(map.values(), into);
            case Shape.Ref r -> closure(r.type(), into);
            case Shape.Scalar scalar -> ref(scalar).ifPresent(into::add);
        }
    }

    private static void text(Obj out, String text) {
        option(out, "description", text);
    }

    private static void option(Obj out, String key, String value) {
        if (!value.isEmpty()) {
            out.put(key, value);
        }
    }
}
