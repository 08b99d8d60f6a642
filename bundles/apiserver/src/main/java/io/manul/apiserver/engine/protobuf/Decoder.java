package io.manul.apiserver.engine.protobuf;

import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import io.manul.schema.Field;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Schema;
import io.manul.schema.Shape;
import io.manul.schema.Type;
import io.manul.schema.WireNumbers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A protobuf body as the object that its JSON would be (Kubernetes, "API concepts", Kubernetes Protobuf encoding). What Go
 * writes although it is not set (empty texts, zeros, false) is left out, as JSON leaves it out, but for fields that are
 * pointers and so mean it.
 */
public final class Decoder {

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int MOST_DEPTH = 100;
    private static final String SCHEMA_OR = "JSONSchemaPropsOr";
    private final Schema schema;
    private final WireNumbers numbers = new WireNumbers();

    public Decoder(Schema schema) {
        this.schema = schema;
    }

    /** @throws BadWire for what is no such body, or of a kind that has no protobuf form */
    public Obj decode(byte[] body) throws BadWire {
        if (body.length < MAGIC.length || !java.util.Arrays.equals(body, 0, 4, MAGIC, 0, 4)) {
            throw new BadWire("it does not begin with k8s\\0");
        }
        String apiVersion = "";
        String kind = "";
        ByteBuffer raw = ByteBuffer.allocate(0);
        Wire envelope = new Wire(ByteBuffer.wrap(body, 4, body.length - 4));
        while (envelope.next()) {
            switch (envelope.number()) {
                case 1 -> {
                    Wire meta = new Wire(envelope.part());
                    while (meta.next()) {
                        switch (meta.number()) {
                            case 1 -> apiVersion = meta.text();
                            case 2 -> kind = meta.text();
                            default -> meta.skip();
                        }
                    }
                }
                case 2 -> raw = envelope.part();
                default -> envelope.skip();
            }
        }
        int slash = apiVersion.indexOf('/');
        Type type = type(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", apiVersion);
        object.put("kind", kind);
        message(new Wire(raw), type, numbers.of(type.name()), object, 0);
        return Obj.view(object);
    }

    private Type type(String group, String version, String kind) throws BadWire {
        return schema.typeOf(new GroupVersionKind(group, version, kind))
                .orElseThrow(() -> new BadWire("kind " + kind + " of " + group + "/" + version + " has no protobuf form here"));
    }

    private void message(Wire in, Type type, Map<Integer, WireNumbers.Entry> fields, Map<String, Object> out, int depth) throws BadWire {
        if (depth > MOST_DEPTH) {
            throw new BadWire("it is nested deeper than " + MOST_DEPTH);
        }
        while (in.next()) {
            WireNumbers.Entry entry = fields.get(in.number());
            Field field = entry == null ? null : type.fields().get(jsonName(type, entry.name()));
            if (field != null) {
                member(in, type, field, out, depth);
            } else if (entry != null && entry.inline().isPresent()) {
                message(new Wire(in.part()), type, numbers.of(entry.inline().get()), out, depth + 1);
            } else {
                in.skip();
            }
        }
    }

    /** A JSON schema's fields are spelled otherwise in protobuf: {@code $ref}, {@code x-kubernetes-list-type}. */
    private static String jsonName(Type type, String name) {
        if (!type.name().endsWith(".JSONSchemaProps")) {
            return name;
        }
        return name.equals("ref") || name.equals("schema") ? "$" + name
                : name.startsWith("xKubernetes") ? name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT) : name;
    }

    @SuppressWarnings("unchecked")
    private void member(Wire in, Type type, Field field, Map<String, Object> out, int depth) throws BadWire {
        switch (field.shape()) {
            case Shape.ListOf list -> ((List<Object>) out.computeIfAbsent(field.name(), n -> new ArrayList<>())).add(value(in, list.items(), depth));
            case Shape.MapOf map -> entry(in, map.values(), (Map<String, Object>) out.computeIfAbsent(field.name(), n -> new LinkedHashMap<>()), depth);
            default -> {
                Object value = value(in, field.shape(), depth);
                if (value != null && (!zero(value) || Pointers.has(type.name(), field.name()) || schemaOr(field.shape()))) {
                    out.put(field.name(), value);
                }
            }
        }
    }

    private static boolean schemaOr(Shape shape) {
        return shape instanceof Shape.Ref ref && ref.type().contains(SCHEMA_OR);
    }

    private static boolean zero(Object value) {
        return value.equals("") || value.equals(0L) || value.equals(0.0) || value.equals(false);
    }

    private void entry(Wire in, Shape values, Map<String, Object> out, int depth) throws BadWire {
        Wire pair = new Wire(in.part());
        String key = "";
        Object value = values == Shape.Scalar.STRING ? "" : null;
        while (pair.next()) {
            if (pair.number() == 1) {
                key = pair.text();
            } else {
                value = values instanceof Shape.ListOf list ? items(pair, list, depth) : value(pair, values, depth);
            }
        }
        out.put(key, value);
    }

    /** A list inside a map is a message with its items as field 1 (ExtraValue). */
    private List<Object> items(Wire in, Shape.ListOf list, int depth) throws BadWire {
        List<Object> items = new ArrayList<>();
        Wire part = new Wire(in.part());
        while (part.next()) {
            items.add(value(part, list.items(), depth + 1));
        }
        return items;
    }

    private Object value(Wire in, Shape shape, int depth) throws BadWire {
        return switch (shape) {
            case Shape.Scalar s -> scalar(in, s);
            case Shape.Ref ref -> reference(in, ref, depth);
            case Shape.ListOf list -> items(in, list, depth);
            case Shape.MapOf map -> throw new BadWire("a map within a list is not known");
        };
    }

    private Object reference(Wire in, Shape.Ref ref, int depth) throws BadWire {
        Type type = schema.type(ref.type()).orElseThrow(() -> new BadWire("type " + ref.type() + " is not known"));
        if (type.name().contains(SCHEMA_OR)) {
            return schemaOr(in, type.name(), depth);
        }
        if (type.shape() != Shape.Scalar.OBJECT) {
            return type.shape() instanceof Shape.Scalar s ? scalar(in, s) : value(in, type.shape(), depth);
        }
        if (type.fields().isEmpty()) {
            return numbers.of(type.name()).isEmpty() ? empty(in) : json(in);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        message(new Wire(in.part()), type, numbers.of(type.name()), out, depth + 1);
        return out;
    }

    /** A schema or something else (apiextensions v1): {@code allows:1 schema:2}, {@code schema:1 jSONSchemas:2}, {@code schema:1 property:2}. */
    private Object schemaOr(Wire in, String name, int depth) throws BadWire {
        Shape schema = new Shape.Ref(name.substring(0, name.indexOf(SCHEMA_OR)) + "JSONSchemaProps");
        boolean bool = name.endsWith("Bool");
        Object one = null;
        boolean allows = false;
        List<Object> several = new ArrayList<>();
        Wire m = new Wire(in.part());
        while (m.next()) {
            if (m.number() == (bool ? 2 : 1)) {
                one = value(m, schema, depth + 1);
            } else if (bool) {
                allows = m.integer() != 0;
            } else {
                several.add(name.endsWith("StringArray") ? m.text() : value(m, schema, depth + 1));
            }
        }
        return one != null ? one : bool ? allows : several;
    }

    private static Object scalar(Wire in, Shape.Scalar s) throws BadWire {
        return switch (s) {
            case STRING -> in.text();
            case BYTES -> Base64.getEncoder().encodeToString(in.bytes());
            case INT32 -> (long) (int) in.integer();
            case INT64 -> in.integer();
            case BOOLEAN -> in.integer() != 0;
            case DOUBLE -> in.real();
            case QUANTITY -> part(in, 1).orElse("0");
            case INT_OR_STRING -> intOrString(in);
            case TIME -> time(in, false);
            case MICRO_TIME -> time(in, true);
            case ANY, OBJECT -> json(in);
        };
    }

    private static Optional<String> part(Wire in, int number) throws BadWire {
        Wire m = new Wire(in.part());
        String text = null;
        while (m.next()) {
            if (m.number() == number) {
                text = m.text();
            } else {
                m.skip();
            }
        }
        return Optional.ofNullable(text);
    }

    private static Object intOrString(Wire in) throws BadWire {
        Wire m = new Wire(in.part());
        long type = 0;
        long number = 0;
        String text = "";
        while (m.next()) {
            switch (m.number()) {
                case 1 -> type = m.integer();
                case 2 -> number = (int) m.integer();
                case 3 -> text = m.text();
                default -> m.skip();
            }
        }
        return type == 0 ? (Object) number : (Object) text;
    }

    /** Null for no time: Go writes an empty message. */
    private static Object time(Wire in, boolean micros) throws BadWire {
        Wire m = new Wire(in.part());
        boolean set = false;
        long seconds = 0;
        long nanos = 0;
        while (m.next()) {
            set = true;
            switch (m.number()) {
                case 1 -> seconds = m.integer();
                case 2 -> nanos = m.integer();
                default -> m.skip();
            }
        }
        if (!set) {
            return null;
        }
        Instant t = Instant.ofEpochSecond(seconds, micros ? nanos : 0);
        return micros ? java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(java.time.ZoneOffset.UTC).format(t) : t.toString();
    }

    /** A message that says all by being there: {@code subresources.status} of a definition. */
    private static Object empty(Wire in) throws BadWire {
        in.skip();
        return new LinkedHashMap<String, Object>();
    }

    /** RawExtension, JSON and the like carry JSON text as field 1. */
    private static Object json(Wire in) throws BadWire {
        Wire m = new Wire(in.part());
        Object value = null;
        while (m.next()) {
            if (m.number() == 1 && m.message()) {
                byte[] text = m.bytes();
                try {
                    value = text.length == 0 ? null : Json.parse(text);
                } catch (JsonException e) {
                    throw new BadWire("an embedded value is not JSON: " + e.getMessage());
                }
            } else {
                m.skip();
            }
        }
        return value;
    }
}
