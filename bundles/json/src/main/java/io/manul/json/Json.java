package io.manul.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads and writes JSON. Safe from any thread. */
public final class Json {

    /** Levels of nesting that are read; upstream's limit is 10,000, ours protects the stack. */
    public static final int MAX_DEPTH = 512;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(64 << 20).maxNumberLength(400).build())
            .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(2 * MAX_DEPTH).build())
            .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {
    }

    /** The factory all streaming readers and writers share: one symbol table, one buffer pool. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** Parses one value; a repeated key keeps its last value. */
    public static Object parse(byte[] utf8) {
        return parse(utf8, 0, utf8.length, duplicate -> { });
    }

    public static Object parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param duplicate is told the path ({@code spec.replicas}) of each key that stands twice in one object */
    public static Object parse(byte[] utf8, int offset, int length, Consumer<String> duplicate) {
        try (JsonParser p = FACTORY.createParser(utf8, offset, length)) {
            JsonToken first = p.nextToken();
            if (first == null) {
                throw new JsonException("unexpected end of JSON input");
            }
            Object value = value(p, first, "", duplicate);
            if (p.nextToken() != null) {
                throw new JsonException("invalid character after top-level value at byte " + p.currentLocation().getByteOffset());
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new JsonException(e.getOriginalMessage().replaceFirst(" \\(start marker at .*\\)$|, from `.*`(?=\\)$)", "") + " at byte "
                    + (e.getLocation() == null ? 0 : e.getLocation().getByteOffset()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object value(JsonParser p, JsonToken token, String path, Consumer<String> duplicate) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(p, path, duplicate);
            case START_ARRAY -> array(p, path, duplicate);
            case VALUE_STRING -> p.getText();
            case VALUE_NUMBER_INT -> p.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? (Object) p.getBigIntegerValue() : (Object) p.getLongValue();
            case VALUE_NUMBER_FLOAT -> p.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new JsonException("unexpected " + token + " at byte " + p.currentLocation().getByteOffset());
        };
    }

    private static Map<String, Object> object(JsonParser p, String path, Consumer<String> duplicate) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (p.nextToken() == JsonToken.FIELD_NAME) {
            String key = p.currentName();
            String at = path.isEmpty() ? key : path + "." + key;
            Object value = value(p, p.nextToken(), at, duplicate);
            if (map.containsKey(key)) {
                duplicate.accept(at);
            }
            map.put(key, value);
        }
        return map;
    }

    private static List<Object> array(JsonParser p, String path, Consumer<String> duplicate) throws IOException {
        List<Object> list = new ArrayList<>();
        for (JsonToken t = p.nextToken(); t != JsonToken.END_ARRAY; t = p.nextToken()) {
            list.add(value(p, t, path + "[" + list.size() + "]", duplicate));
        }
        return list;
    }

    /** Compact UTF-8; maps in their own order. Accepts {@link Obj} inside. */
    public static byte[] bytes(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator g = FACTORY.createGenerator(out)) {
            write(g, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** Writes one value to a generator of {@link #factory}. */
    public static void write(JsonGenerator g, Object value) throws IOException {
        switch (value) {
            case null -> g.writeNull();
            case String s -> g.writeString(s);
            case Boolean b -> g.writeBoolean(b);
            case Long l -> g.writeNumber(l);
            case Integer i -> g.writeNumber(i);
            case Double d -> g.writeNumber(d);
            case BigInteger i -> g.writeNumber(i);
            case BigDecimal d -> g.writeNumber(d);
            case Obj o -> write(g, o.map());
            case Map<?, ?> m -> {
                g.writeStartObject();
                for (Map.Entry<?, ?> e : m.entrySet()) {
                    g.writeFieldName((String) e.getKey());
                    write(g, e.getValue());
                }
                g.writeEndObject();
            }
            case Iterable<?> l -> {
                g.writeStartArray();
                for (Object o : l) {
                    write(g, o);
                }
                g.writeEndArray();
            }
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
        }
    }

    /** A deep copy, mutable all the way. */
    public static Object copy(Object value) {
        return switch (value) {
            case Obj o -> copy(o.map());
            case Map<?, ?> m -> {
                Map<String, Object> c = LinkedHashMap.newLinkedHashMap(m.size());
                m.forEach((k, v) -> c.put((String) k, copy(v)));
                yield c;
            }
            case List<?> l -> {
                List<Object> c = new ArrayList<>(l.size());
                l.forEach(v -> c.add(copy(v)));
                yield c;
            }
            case null -> null;
            default -> value;
        };
    }
}
