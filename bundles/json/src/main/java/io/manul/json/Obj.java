package io.manul.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A Kubernetes object, or a part of one, as a view of a JSON map: reads by path without null checks, writes in place. A
 * path is its segments ({@code text("metadata", "name")}), so keys may hold dots. A missing part, or one of another type,
 * reads as absent. The view shares the map: a write is seen by every view of it. Not thread-safe when written.
 */
public final class Obj {

    private final Map<String, Object> map;

    private Obj(Map<String, Object> map) {
        this.map = map;
    }

    /** A new empty object. */
    public static Obj of() {
        return new Obj(new LinkedHashMap<>());
    }

    /** Keys and values in turn: {@code of("name", "a", "replicas", 3)}; an Integer becomes a Long, a null value is left out. */
    public static Obj of(Object... keysAndValues) {
        Obj o = of();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] != null) {
                o.map.put((String) keysAndValues[i], plain(keysAndValues[i + 1]));
            }
        }
        return o;
    }

    public static Obj view(Map<String, Object> map) {
        return new Obj(Objects.requireNonNull(map, "map"));
    }

    /** @throws JsonException when the text is not a JSON object */
    public static Obj parse(byte[] utf8) {
        return from(Json.parse(utf8)).orElseThrow(() -> new JsonException("not a JSON object"));
    }

    public static Obj parse(String text) {
        return from(Json.parse(text)).orElseThrow(() -> new JsonException("not a JSON object"));
    }

    /** The view of a value, when it is an object. */
    @SuppressWarnings("unchecked")
    public static Optional<Obj> from(Object value) {
        return switch (value) {
            case Obj o -> Optional.of(o);
            case Map<?, ?> m -> Optional.of(new Obj((Map<String, Object>) m));
            case null, default -> Optional.empty();
        };
    }

    public Map<String, Object> map() {
        return map;
    }

    public byte[] bytes() {
        return Json.bytes(map);
    }

    public Obj copy() {
        return from(Json.copy(map)).orElseThrow();
    }

    public boolean isEmpty() {
        return map.isEmpty();
    }

    // ---- reading

    /** The raw value at a path, or null. */
    public Object get(String... path) {
        Object at = map;
        for (String segment : path) {
            if (!(at instanceof Map<?, ?> m)) {
                return null;
            }
            at = m.get(segment);
        }
        return at;
    }

    public boolean has(String... path) {
        return get(path) != null;
    }

    /** The string there; empty text when absent. */
    public String text(String... path) {
        return get(path) instanceof String s ? s : "";
    }

    public Optional<String> string(String... path) {
        return get(path) instanceof String s ? Optional.of(s) : Optional.empty();
    }

    public OptionalLong number(String... path) {
        return switch (get(path)) {
            case Long l -> OptionalLong.of(l);
            case Integer i -> OptionalLong.of(i);
            case Double d when d == Math.rint(d) -> OptionalLong.of(d.longValue());
            case null, default -> OptionalLong.empty();
        };
    }

    public boolean flag(String... path) {
        return Boolean.TRUE.equals(get(path));
    }

    /** The object there; a detached empty one when absent. */
    public Obj at(String... path) {
        return object(path).orElseGet(Obj::of);
    }

    public Optional<Obj> object(String... path) {
        return from(get(path));
    }

    /** The objects of the list there; other items are passed over. The list is new, the objects are views. */
    public List<Obj> objects(String... path) {
        List<Obj> out = new ArrayList<>();
        if (get(path) instanceof List<?> l) {
            l.forEach(v -> from(v).ifPresent(out::add));
        }
        return out;
    }

    public List<String> strings(String... path) {
        List<String> out = new ArrayList<>();
        if (get(path) instanceof List<?> l) {
            l.forEach(v -> {
                if (v instanceof String s) {
                    out.add(s);
                }
            });
        }
        return out;
    }

    /** String values of the map there (labels, annotations, nodeSelector), in order. */
    public Map<String, String> stringMap(String... path) {
        Map<String, String> out = new LinkedHashMap<>();
        if (get(path) instanceof Map<?, ?> m) {
            m.forEach((k, v) -> {
                if (v instanceof String s) {
                    out.put((String) k, s);
                }
            });
        }
        return out;
    }

    // ---- writing

    /** Sets a key of this object; null removes it. Integers become Longs. */
    public Obj put(String key, Object value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, plain(value));
        }
        return this;
    }

    /** Sets the value at a path, making the objects on the way; returns this object. */
    public Obj set(Object value, String... path) {
        Obj parent = this;
        for (int i = 0; i < path.length - 1; i++) {
            parent = parent.make(path[i]);
        }
        parent.put(path[path.length - 1], value);
        return this;
    }

    /** The object at a path, made (attached) where it is missing. */
    public Obj make(String... path) {
        Obj at = this;
        for (String segment : path) {
            Optional<Obj> next = from(at.map.get(segment));
            if (next.isEmpty()) {
                next = Optional.of(of());
                at.map.put(segment, next.get().map);
            }
            at = next.get();
        }
        return at;
    }

    /** The list at a path, made (attached) where it is missing. */
    @SuppressWarnings("unchecked")
    public List<Object> list(String... path) {
        if (get(path) instanceof List<?> l) {
            return (List<Object>) l;
        }
        List<Object> made = new ArrayList<>();
        make(Arrays.copyOf(path, path.length - 1)).map.put(path[path.length - 1], made);
        return made;
    }

    public Object remove(String... path) {
        Object parent = map;
        for (int i = 0; i < path.length - 1; i++) {
            if (!(parent instanceof Map<?, ?> m)) {
                return null;
            }
            parent = m.get(path[i]);
        }
        return parent instanceof Map<?, ?> m ? m.remove(path[path.length - 1]) : null;
    }

    // ---- ObjectMeta, which every object has

    public String name() {
        return text("metadata", "name");
    }

    public String namespace() {
        return text("metadata", "namespace");
    }

    public String uid() {
        return text("metadata", "uid");
    }

    public String resourceVersion() {
        return text("metadata", "resourceVersion");
    }

    public String kind() {
        return text("kind");
    }

    public String apiVersion() {
        return text("apiVersion");
    }

    public Map<String, String> labels() {
        return stringMap("metadata", "labels");
    }

    public Map<String, String> annotations() {
        return stringMap("metadata", "annotations");
    }

    /** {@code metadata.deletionTimestamp} is set. */
    public boolean deleting() {
        return has("metadata", "deletionTimestamp");
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Obj o -> o.map;
            case Integer i -> (long) i;
            case List<?> l -> {
                List<Object> c = new ArrayList<>(l.size());
                l.forEach(v -> c.add(v == null ? null : plain(v)));
                yield c;
            }
            default -> value;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Obj o && o.map.equals(map);
    }

    @Override
    public int hashCode() {
        return map.hashCode();
    }

    @Override
    public String toString() {
        return Json.text(map);
    }
}
