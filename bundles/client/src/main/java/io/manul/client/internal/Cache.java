package io.manul.client.internal;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Objects as bytes with their indexes. Guarded by its monitor; parsing happens outside. */
final class Cache {

    /** @param version resourceVersion, to tell what changed without parsing */
    private record Entry(byte[] json, String version, Map<String, List<String>> index) {
    }

    private final Map<Key, Entry> entries = new HashMap<>();
    private final Map<String, Function<Obj, List<String>>> indexers = new HashMap<>();
    private final Map<String, Map<String, Set<Key>>> indexes = new HashMap<>();

    synchronized void index(String name, Function<Obj, List<String>> keys) {
        indexers.put(name, keys);
        indexes.put(name, new HashMap<>());
    }

    /** Takes an object in; returns the one before. */
    Optional<Obj> put(Obj object) {
        Key key = Key.of(object);
        byte[] json = object.bytes();
        byte[] before;
        synchronized (this) {
            Entry old = entries.get(key);
            before = old == null ? null : old.json;
            unindex(key, old);
            Map<String, List<String>> index = new HashMap<>();
            indexers.forEach((name, keys) -> {
                List<String> values = keys.apply(object);
                index.put(name, values);
                values.forEach(v -> indexes.get(name).computeIfAbsent(v, x -> new LinkedHashSet<>()).add(key));
            });
            entries.put(key, new Entry(json, object.resourceVersion(), index));
        }
        return Optional.ofNullable(before).map(Obj::parse);
    }

    Optional<Obj> remove(Key key) {
        byte[] before;
        synchronized (this) {
            Entry old = entries.remove(key);
            unindex(key, old);
            before = old == null ? null : old.json;
        }
        return Optional.ofNullable(before).map(Obj::parse);
    }

    private void unindex(Key key, Entry old) {
        if (old != null) {
            old.index.forEach((name, values) -> values.forEach(v -> {
                Set<Key> keys = indexes.get(name).get(v);
                if (keys != null && keys.remove(key) && keys.isEmpty()) {
                    indexes.get(name).remove(v);
                }
            }));
        }
    }

    synchronized boolean holds(Key key, String version) {
        Entry e = entries.get(key);
        return e != null && e.version.equals(version);
    }

    Optional<Obj> get(Key key) {
        byte[] json;
        synchronized (this) {
            Entry e = entries.get(key);
            json = e == null ? null : e.json;
        }
        return Optional.ofNullable(json).map(Obj::parse);
    }

    synchronized List<Key> keys() {
        return new ArrayList<>(entries.keySet());
    }

    synchronized int size() {
        return entries.size();
    }

    List<Obj> all() {
        return parse(select(entriesNow()));
    }

    List<Obj> in(String namespace) {
        List<byte[]> found = new ArrayList<>();
        synchronized (this) {
            entries.forEach((k, e) -> {
                if (k.namespace().equals(namespace)) {
                    found.add(e.json);
                }
            });
        }
        return parse(found);
    }

    List<Obj> by(String index, String value) {
        List<byte[]> found = new ArrayList<>();
        synchronized (this) {
            Map<String, Set<Key>> keys = indexes.get(index);
            if (keys == null) {
                throw new IllegalArgumentException("no index " + index);
            }
            keys.getOrDefault(value, Set.of()).forEach(k -> found.add(entries.get(k).json));
        }
        return parse(found);
    }

    private synchronized Collection<Entry> entriesNow() {
        return new ArrayList<>(entries.values());
    }

    private static List<byte[]> select(Collection<Entry> all) {
        return all.stream().map(Entry::json).toList();
    }

    private static List<Obj> parse(List<byte[]> all) {
        List<Obj> out = new ArrayList<>(all.size());
        all.forEach(b -> out.add(Obj.parse(b)));
        return out;
    }
}
