package io.manul.network.services;

import io.manul.client.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the tables hold, by Service, as text: enough to say what a change of some Services changes. An address and port that
 * several Services name is the oldest one's; a pod that several Services send to is in the hairpin set once. One thread.
 */
final class Ledger {

    /** @param created creation time and name: who was first */
    record Entry(Key key, String created, Plan plan) {
    }

    private final Map<Key, String> held = new HashMap<>();
    private final Map<Key, List<String>> hairpins = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, TreeMap<String, Key>> claims = new HashMap<>();
    private final Map<Key, Map<String, String>> claimed = new HashMap<>();

    /** Who else has to be looked at because of these: claims that they gave up, or took from a younger one. */
    Set<Key> claim(List<Entry> entries) {
        Set<Key> again = new LinkedHashSet<>();
        for (Entry e : entries) {
            Map<String, String> before = claimed.getOrDefault(e.key, Map.of());
            before.forEach((what, created) -> {
                if (!e.plan.claimed.containsKey(what)) {
                    release(what, created, again);
                }
            });
            Map<String, String> now = new LinkedHashMap<>();
            for (String what : e.plan.claimed.keySet()) {
                TreeMap<String, Key> all = claims.computeIfAbsent(what, w -> new TreeMap<>());
                if (before.containsKey(what)) {
                    all.remove(before.get(what));
                }
                all.values().forEach(again::add);
                all.put(e.created, e.key);
                now.put(what, e.created);
            }
            if (now.isEmpty()) {
                claimed.remove(e.key);
            } else {
                claimed.put(e.key, now);
            }
        }
        entries.forEach(e -> again.remove(e.key));
        return again;
    }

    private void release(String what, String created, Set<Key> again) {
        TreeMap<String, Key> all = claims.get(what);
        all.remove(created);
        again.addAll(all.values());
        if (all.isEmpty()) {
            claims.remove(what);
        }
    }

    /** Who has the address and port. */
    Key owner(String what) {
        return claims.get(what).firstEntry().getValue();
    }

    /** Takes the plans in; their claims were made. */
    Change put(List<Entry> entries) {
        Change change = new Change();
        Map<String, Integer> usedBefore = new LinkedHashMap<>();
        for (Entry e : entries) {
            Fact.facts(held.getOrDefault(e.key, "")).forEach(change::remove);
            count(e.key, -1, usedBefore);
        }
        for (Entry e : entries) {
            List<Fact> facts = new ArrayList<>(e.plan.own);
            e.plan.claimed.forEach((what, group) -> {
                if (owner(what).equals(e.key)) {
                    facts.addAll(group);
                }
            });
            facts.forEach(change::add);
            store(held, e.key, facts.isEmpty() ? null : Fact.text(facts));
            store(hairpins, e.key, e.plan.hairpins.isEmpty() ? null : e.plan.hairpins.stream().map(Fact::line).distinct().toList());
            count(e.key, 1, usedBefore);
        }
        usedBefore.forEach((line, before) -> {
            int now = uses.getOrDefault(line, 0);
            if (before == 0 && now > 0) {
                change.add(Fact.of(line));
            } else if (before > 0 && now == 0) {
                change.remove(Fact.of(line));
            }
        });
        return change;
    }

    Set<Key> keys() {
        return Set.copyOf(held.keySet());
    }

    /** For the next version of this room: {@code K namespace name}, then the facts, then hairpins after {@code H}. */
    String text() {
        StringBuilder text = new StringBuilder();
        held.forEach((key, facts) -> {
            text.append("K\t").append(key.namespace()).append('\t').append(key.name()).append('\n').append(facts);
            hairpins.getOrDefault(key, List.of()).forEach(h -> text.append("H\t").append(h).append('\n'));
        });
        return text.toString();
    }

    /** @param text what {@link #text} gave */
    static Ledger of(String text) {
        Ledger ledger = new Ledger();
        Key key = null;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.startsWith("K\t")) {
                String[] p = line.split("\t", 3);
                key = new Key(p[1], p[2]);
                ledger.held.put(key, "");
            } else if (line.startsWith("H\t")) {
                ledger.hairpins.computeIfAbsent(key, k -> new ArrayList<>()).add(line.substring(2));
                ledger.uses.merge(line.substring(2), 1, Integer::sum);
            } else {
                ledger.held.merge(key, line + "\n", String::concat);
            }
        }
        return ledger;
    }

    private static <V> void store(Map<Key, V> map, Key key, V value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    private void count(Key key, int by, Map<String, Integer> before) {
        for (String line : hairpins.getOrDefault(key, List.of())) {
            before.putIfAbsent(line, uses.getOrDefault(line, 0));
            uses.merge(line, by, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
        }
    }
}
