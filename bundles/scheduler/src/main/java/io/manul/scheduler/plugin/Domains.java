package io.manul.scheduler.plugin;

import java.util.HashMap;
import java.util.Map;

/** How many pods that count are in each domain of a topology, and in the emptiest. */
final class Domains {

    private final int minDomains;
    private final Map<String, int[]> counts = new HashMap<>();
    private int least;
    private boolean known;

    Domains(int minDomains) {
        this.minDomains = minDomains;
    }

    void add(String domain, int by) {
        counts.computeIfAbsent(domain, d -> new int[1])[0] += by;
        known = false;
    }

    int of(String domain) {
        int[] count = counts.get(domain);
        return count == null ? 0 : count[0];
    }

    /** Of the emptiest domain; 0 while there are fewer domains than are asked for. */
    int least() {
        if (!known) {
            int min = Integer.MAX_VALUE;
            for (int[] c : counts.values()) {
                min = Math.min(min, c[0]);
            }
            least = counts.size() < minDomains ? 0 : min;
            known = true;
        }
        return least;
    }
}
