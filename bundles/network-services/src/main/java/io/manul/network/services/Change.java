package io.manul.network.services;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Facts that go and facts that come; one that does both is none. */
final class Change {

    /** @param family, place, key what is there once */
    private record Slot(Family family, Fact.Kind kind, String place, String key) {
        static Slot of(Fact f) {
            return new Slot(f.family(), f.kind(), f.place(), f.key());
        }
    }

    private final Map<Slot, Fact> gone = new LinkedHashMap<>();
    private final Map<Slot, Fact> come = new LinkedHashMap<>();

    void remove(Fact fact) {
        gone.put(Slot.of(fact), fact);
    }

    void add(Fact fact) {
        come.putIfAbsent(Slot.of(fact), fact);
    }

    /** What was there and will not be so. */
    List<Fact> removed(Fact.Kind kind) {
        return difference(gone.values(), come, kind);
    }

    /** What will be there and was not so. */
    List<Fact> added(Fact.Kind kind) {
        return difference(come.values(), gone, kind);
    }

    /** Without what concerns other families. */
    Change only(List<Family> families) {
        gone.keySet().removeIf(s -> !families.contains(s.family()));
        come.keySet().removeIf(s -> !families.contains(s.family()));
        return this;
    }

    private static List<Fact> difference(Collection<Fact> some, Map<Slot, Fact> others, Fact.Kind kind) {
        List<Fact> left = new ArrayList<>();
        for (Fact f : some) {
            if (f.kind() == kind && !f.equals(others.get(Slot.of(f)))) {
                left.add(f);
            }
        }
        return left;
    }
}
