package io.manul.apiserver.engine.validation;

import io.manul.apiserver.engine.kind.Model;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.schema.Field;
import io.manul.schema.Schema;
import io.manul.schema.Shape;
import io.manul.schema.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model of a built-in kind, from the schema's tables. Decoding behaves as upstream's typed decoding does: unknown fields
 * and nulls are dropped, required numbers and booleans that are missing are their zero.
 */
public final class BuiltInModel implements Model {

    private final Schema schema;
    private final Type type;

    public BuiltInModel(Schema schema, Type type) {
        this.schema = schema;
        this.type = type;
    }

    @Override
    public Optional<Type> type() {
        return Optional.of(type);
    }

    // ---- decode

    @Override
    public Decoded decode(Obj object) {
        Decoded found = new Decoded(new ArrayList<>(), new ArrayList<>());
        object(object.map(), type, "", found);
        return found;
    }

    private void object(Map<String, Object> map, Type of, String path, Decoded found) {
        boolean open = of.preserveUnknown() || of.fields().isEmpty();
        for (Iterator<Map.Entry<String, Object>> it = map.entrySet().iterator(); it.hasNext();) {
            Map.Entry<String, Object> e = it.next();
            Field field = of.fields().get(e.getKey());
            String at = path.isEmpty() ? e.getKey() : path + "." + e.getKey();
            if (field == null) {
                if (!open) {
                    found.unknown().add(at);
                    it.remove();
                }
            } else if (e.getValue() == null && field.shape() != Shape.Scalar.ANY) {
                it.remove();
            } else {
                e.setValue(value(e.getValue(), field.shape(), at, found));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private Object value(Object value, Shape shape, String path, Decoded found) {
        return switch (shape) {
            case Shape.Scalar scalar -> Scalars.normal(value, scalar, path, found.wrong());
            case Shape.ListOf list -> {
                if (!(value instanceof List<?> items)) {
                    yield wrong(value, "a list", path, found);
                }
                List<Object> all = (List<Object>) items;
                for (int i = 0; i < all.size(); i++) {
                    all.set(i, value(all.get(i), list.items(), path + "[" + i + "]", found));
                }
                yield all;
            }
            case Shape.MapOf of -> {
                if (!(value instanceof Map<?, ?> entries)) {
                    yield wrong(value, "an object", path, found);
                }
                ((Map<String, Object>) entries).replaceAll(
                        (k, v) -> entry(v == null ? zero(of.values()) : v, of.values(), path + "." + k, found));
                yield entries;
            }
            case Shape.Ref ref -> reference(value, ref, path, found);
        };
    }

    @SuppressWarnings("unchecked")
    private Object reference(Object value, Shape.Ref ref, String path, Decoded found) {
        Type named = schema.type(ref.type()).orElseThrow();
        if (named.shape() != Shape.Scalar.OBJECT) {
            return Scalars.normal(value, named.shape(), path, found.wrong());
        }
        if (!(value instanceof Map<?, ?> map)) {
            return wrong(value, "an object", path, found);
        }
        object((Map<String, Object>) map, named, path, found);
        return map;
    }

    /** Quantities of a ResourceList are kept in their canonical form, rounded up to thousandths. */
    private Object entry(Object value, Shape shape, String path, Decoded found) {
        int wrong = found.wrong().size();
        Object out = value(value, shape, path, found);
        boolean quantity = shape == Shape.Scalar.QUANTITY || shape instanceof Shape.Ref ref
                && schema.type(ref.type()).map(t -> t.shape() == Shape.Scalar.QUANTITY).orElse(false);
        return quantity && found.wrong().size() == wrong && out instanceof String text ? Quantities.canonical(text) : out;
    }

    private static Object zero(Shape shape) {
        return shape == Shape.Scalar.STRING || shape == Shape.Scalar.BYTES ? "" : null;
    }

    private static Object wrong(Object value, String expected, String path, Decoded found) {
        found.wrong().add(Scalars.expected(path, expected, value));
        return value;
    }

    // ---- defaults

    @Override
    public void defaults(Obj object) {
        defaults(object.map(), type);
    }

    private void defaults(Map<String, Object> map, Type of) {
        for (Field field : of.fields().values()) {
            Object value = map.get(field.name());
            if (value == null && field.defaults()) {
                map.put(field.name(), field.defaultValue());
            } else if (value == null && field.required() && Scalars.zero(field.shape()) != null) {
                map.put(field.name(), Scalars.zero(field.shape()));
            } else if (value != null) {
                inside(value, field.shape());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void inside(Object value, Shape shape) {
        switch (shape) {
            case Shape.ListOf list when value instanceof List<?> items -> items.forEach(v -> inside(v, list.items()));
            case Shape.MapOf of when value instanceof Map<?, ?> entries -> entries.values().forEach(v -> inside(v, of.values()));
            case Shape.Ref ref when value instanceof Map<?, ?> map -> {
                Type named = schema.type(ref.type()).orElseThrow();
                if (named.shape() == Shape.Scalar.OBJECT) {
                    defaults((Map<String, Object>) map, named);
                }
            }
            default -> { }
        }
    }

    // ---- validate

    @Override
    public void validate(Obj object, FieldErrors errors) {
        validate(object.map(), type, "", errors);
    }

    private void validate(Map<?, ?> map, Type of, String path, FieldErrors errors) {
        for (Field field : of.fields().values()) {
            String at = path.isEmpty() ? field.name() : path + "." + field.name();
            if (at.equals("status") || at.equals("metadata")) {
                continue;   // status comes from components; metadata has rules of its own
            }
            Object value = map.get(field.name());
            if (value == null) {
                if (field.required() && needed(field.shape())) {
                    errors.required(at, "");
                }
                continue;
            }
            // an optional empty text is the absent one, as in upstream's types
            if (!field.enums().isEmpty() && value instanceof String s && !field.enums().contains(s)
                    && (field.required() || !s.isEmpty())) {
                errors.notSupported(at, s, field.enums());
            }
            part(value, field.shape(), at, errors);
        }
    }

    private void part(Object value, Shape shape, String path, FieldErrors errors) {
        switch (shape) {
            case Shape.ListOf list when value instanceof List<?> items -> {
                for (int i = 0; i < items.size(); i++) {
                    part(items.get(i), list.items(), path + "[" + i + "]", errors);
                }
            }
            case Shape.MapOf of when value instanceof Map<?, ?> entries ->
                    entries.forEach((k, v) -> part(v, of.values(), path + "[" + k + "]", errors));
            case Shape.Ref ref when value instanceof Map<?, ?> map -> {
                Type named = schema.type(ref.type()).orElseThrow();
                if (named.shape() == Shape.Scalar.OBJECT) {
                    validate(map, named, path, errors);
                }
            }
            default -> { }
        }
    }

    /** A missing object without required fields is the empty one, and that is valid (a selector of everything). */
    private boolean needed(Shape shape) {
        return !(shape instanceof Shape.Ref ref)
                || schema.type(ref.type()).map(t -> t.shape() != Shape.Scalar.OBJECT || !t.required().isEmpty()).orElse(true);
    }
}
