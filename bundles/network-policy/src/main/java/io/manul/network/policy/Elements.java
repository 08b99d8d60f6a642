package io.manul.network.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The elements of one set of the kernel, each with how many pods put it there, and what changed since they were last written. */
final class Elements {

    private final Map<String, Integer> counts = new HashMap<>();
    /** True: to be added; false: to be deleted. */
    private final Map<String, Boolean> changed = new HashMap<>();

    void add(String element) {
        if (counts.merge(element, 1, Integer::sum) == 1 && changed.remove(element) == null) {
            changed.put(element, true);
        }
    }

    void remove(String element) {
        Integer left = counts.computeIfPresent(element, (e, n) -> n == 1 ? null : n - 1);
        if (left == null && changed.remove(element) == null) {
            changed.put(element, false);
        }
    }

    /** Holds these from now on. @param next element to how many pods put it there */
    void become(Map<String, Integer> next) {
        for (String gone : counts.keySet().stream().filter(e -> !next.containsKey(e)).toList()) {
            counts.put(gone, 1);
            remove(gone);
        }
        next.forEach((e, n) -> {
            if (!counts.containsKey(e)) {
                add(e);
            }
            counts.put(e, n);
        });
    }

    boolean unchanged() {
        return changed.isEmpty();
    }

    TreeSet<String> all() {
        return new TreeSet<>(counts.keySet());
    }

    TreeSet<String> changed(boolean added) {
        TreeSet<String> out = new TreeSet<>();
        changed.forEach((e, a) -> {
            if (a == added) {
                out.add(e);
            }
        });
        return out;
    }

    void written() {
        changed.clear();
    }
}
