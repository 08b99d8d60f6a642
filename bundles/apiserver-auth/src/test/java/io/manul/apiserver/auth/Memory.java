package io.manul.apiserver.auth;

import io.manul.apiserver.spi.Reader;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Objects in memory, by "group/resource". Safe from any thread but for {@link #gets}. */
public final class Memory implements Reader {

    private final Map<String, TreeMap<String, Obj>> all = new HashMap<>();
    private final Map<String, Long> generations = new HashMap<>();
    public int gets;

    /** @param text JSON, with ' for " */
    public Memory put(String group, String resource, String text) {
        return put(group, resource, Obj.parse(text.replace('\'', '"')));
    }

    public synchronized Memory put(String group, String resource, Obj o) {
        all.computeIfAbsent(group + "/" + resource, k -> new TreeMap<>()).put(o.namespace() + "/" + o.name(), o.copy());
        generations.merge(group + "/" + resource, 1L, Long::sum);
        return this;
    }

    public synchronized Memory remove(String group, String resource, String namespace, String name) {
        all.get(group + "/" + resource).remove(namespace + "/" + name);
        generations.merge(group + "/" + resource, 1L, Long::sum);
        return this;
    }

    @Override
    public synchronized Optional<Obj> get(String group, String resource, String namespace, String name) {
        gets++;
        return Optional.ofNullable(all.getOrDefault(group + "/" + resource, new TreeMap<>()).get(namespace + "/" + name)).map(Obj::copy);
    }

    @Override
    public synchronized List<Obj> list(String group, String resource, String namespace) {
        List<Obj> found = new ArrayList<>();
        all.getOrDefault(group + "/" + resource, new TreeMap<>()).values().stream()
                .filter(o -> namespace.isEmpty() || o.namespace().equals(namespace)).forEach(o -> found.add(o.copy()));
        return found;
    }

    @Override
    public synchronized long generation(String group, String resource) {
        return generations.getOrDefault(group + "/" + resource, 0L);
    }
}
