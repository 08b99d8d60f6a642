package io.manul.network.services;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Services and slices by hand, and the tables that follow them: the syncer's work without informers. */
final class World {

    static final Frame.Site SITE = new Frame.Site(List.of("10.42.0.0/16", "fd42::/56"), List.of("10.43.0.0/16", "fd43::/112"), List.of("10.43.0.10"), true);

    final Map<Key, Obj> services = new TreeMap<>(java.util.Comparator.comparing(Key::toString));
    final Map<Key, List<Obj>> slices = new TreeMap<>(java.util.Comparator.comparing(Key::toString));
    final Tables tables;
    Ledger ledger = new Ledger();
    String zone = "";
    private final Planner planner = new Planner("here", "192.0.2.1", List.of(Family.values()));

    World(Tool tool) {
        this.tables = new Tables(tool, "t", SITE, List.of(Family.values()), System::nanoTime);
    }

    void sync(Iterable<Key> keys) throws Exception {
        List<Ledger.Entry> entries = new ArrayList<>();
        List<Ledger.Entry> next = new ArrayList<>();
        keys.forEach(k -> next.add(entry(k)));
        java.util.Set<Key> seen = new java.util.HashSet<>();
        for (List<Ledger.Entry> some = next; !some.isEmpty();) {
            some.forEach(e -> seen.add(e.key()));
            entries.addAll(some);
            some = ledger.claim(some).stream().filter(k -> !seen.contains(k)).map(this::entry).toList();
        }
        tables.write(ledger.put(entries));
    }

    Ledger.Entry entry(Key key) {
        Obj service = services.get(key);
        return new Ledger.Entry(key, service == null ? "" : service.text("metadata", "creationTimestamp") + " " + key,
                service == null ? new Plan() : planner.of(service, slices.getOrDefault(key, List.of()), zone));
    }

    /** Gives another world these slices. @return the keys of all Services */
    Iterable<Key> slicesInto(World other) {
        other.slices.putAll(slices);
        return other.services.keySet();
    }

    static Obj json(String text) {
        return Obj.parse(text.replace('\'', '"'));
    }
}
