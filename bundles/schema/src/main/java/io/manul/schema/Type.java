package io.manul.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A named object type, or a named scalar. Immutable. */
public final class Type {

    private final String name;
    private final Shape.Scalar shape;
    private final Map<String, Field> fields;
    private final List<GroupVersionKind> kinds;
    private final boolean preserveUnknown;
    private final boolean atomic;
    private final List<Object> unions;

    /**
     * @param shape OBJECT for object types, the scalar for named scalars (Quantity, Time, JSON)
     * @param unions the x-kubernetes-unions extension as JSON; empty for most
     */
    public Type(String name, Shape.Scalar shape, List<Field> fields, List<GroupVersionKind> kinds, boolean preserveUnknown,
            boolean atomic, List<Object> unions) {
        this.name = name;
        this.shape = shape;
        Map<String, Field> byName = LinkedHashMap.newLinkedHashMap(fields.size());
        fields.forEach(f -> byName.put(f.name(), f));
        this.fields = Collections.unmodifiableMap(byName);
        this.kinds = List.copyOf(kinds);
        this.preserveUnknown = preserveUnknown;
        this.atomic = atomic;
        this.unions = List.copyOf(unions);
    }

    /** As OpenAPI v2 names it: {@code io.k8s.api.core.v1.Pod}. */
    public String name() {
        return name;
    }

    public Shape.Scalar shape() {
        return shape;
    }

    /** By name, in alphabetical order; empty for scalars and for objects without described fields. */
    public Map<String, Field> fields() {
        return fields;
    }

    public List<String> required() {
        return fields.values().stream().filter(Field::required).map(Field::name).toList();
    }

    /** The kinds this type is; several for the options that every group shares. */
    public List<GroupVersionKind> kinds() {
        return kinds;
    }

    /** True when fields that are not described are kept, not pruned (RawExtension, JSON, FieldsV1). */
    public boolean preserveUnknown() {
        return preserveUnknown;
    }

    /** x-kubernetes-map-type atomic: owned and replaced as one. */
    public boolean atomic() {
        return atomic;
    }

    public List<Object> unions() {
        return unions;
    }

    @Override
    public String toString() {
        return name;
    }
}
