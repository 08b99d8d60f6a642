package io.manul.schema.internal;

import io.manul.schema.GroupVersionKind;
import io.manul.schema.Type;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * types.txt, kept as bytes; a type is parsed when it is first asked for. A line {@code package NAME} begins a package, a line
 * in the first column a type of it, the indented lines below its fields: see {@link TypeParser}.
 */
final class TypeTable {

    /** Where a type's lines stand: the package, and the range of bytes from its header to the next header. */
    private record Place(String pkg, int from, int to) {
    }

    private final byte[] utf8;
    private final TreeMap<String, Place> places = new TreeMap<>();
    private final Map<GroupVersionKind, String> kinds = new HashMap<>();
    private final Map<String, Type> parsed = new ConcurrentHashMap<>();

    TypeTable(byte[] utf8) {
        this.utf8 = utf8;
        index();
    }

    private void index() {
        String pkg = "";
        String name = "";
        int start = 0;
        for (int at = 0; at < utf8.length;) {
            int end = at;
            while (end < utf8.length && utf8[end] != '\n') {
                end++;
            }
            if (utf8[at] != ' ' && utf8[at] != '#') {
                if (!name.isEmpty()) {
                    places.put(name, new Place(pkg, start, at));
                }
                String line = new String(utf8, at, end - at, StandardCharsets.UTF_8);
                if (line.startsWith("package ")) {
                    pkg = line.substring("package ".length());
                    name = "";
                } else {
                    name = pkg + "." + line.split(" ", 2)[0];
                    start = at;
                    for (GroupVersionKind gvk : TypeParser.kinds(line)) {
                        kinds.put(gvk, name);
                    }
                }
            }
            at = end + 1;
        }
        if (!name.isEmpty()) {
            places.put(name, new Place(pkg, start, utf8.length));
        }
    }

    Collection<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    Optional<Type> type(String name) {
        Place place = places.get(name);
        return place == null ? Optional.empty() : Optional.of(parsed.computeIfAbsent(name, n -> TypeParser.parse(place.pkg(),
                new String(utf8, place.from(), place.to() - place.from(), StandardCharsets.UTF_8))));
    }

    Optional<Type> typeOf(GroupVersionKind kind) {
        return Optional.ofNullable(kinds.get(kind)).flatMap(this::type);
    }
}
