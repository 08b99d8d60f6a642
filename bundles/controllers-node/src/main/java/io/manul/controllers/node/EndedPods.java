package io.manul.controllers.node;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Pods that ended and are kept for their logs: the evicted, then the oldest, go beyond a number (kube-controller-manager,
 * {@code --terminated-pod-gc-threshold}). Keeps their keys only. Guarded by its monitor.
 */
final class EndedPods {

    static final int MOST = 12_500;

    private record Entry(boolean evicted, String created, Key key) {
    }

    private final int most;
    private final Map<Key, Entry> all = new HashMap<>();
    private final TreeSet<Entry> order = new TreeSet<>(Comparator.<Entry, Integer>comparing(e -> e.evicted ? 0 : 1)
            .thenComparing(Entry::created)
            .thenComparing(Entry::key));

    EndedPods(int most) {
        this.most = most;
    }

    /** @return those that are too many now */
    synchronized List<Key> seen(Obj pod, boolean gone) {
        Key key = Key.of(pod);
        Entry before = all.remove(key);
        if (before != null) {
            order.remove(before);
        }
        String phase = pod.text("status", "phase");
        if (!gone && (phase.equals("Succeeded") || phase.equals("Failed"))) {
            Entry entry = new Entry(phase.equals("Failed") && pod.text("status", "reason").equals("Evicted"), pod.text("metadata",
                    "creationTimestamp"), key);
            all.put(key, entry);
            order.add(entry);
        }
        return surplus();
    }

    private List<Key> surplus() {
        List<Key> out = new ArrayList<>();
        for (Entry e : order) {
            if (out.size() >= order.size() - most) {
                break;
            }
            out.add(e.key);
        }
        return out;
    }

    synchronized boolean tooMany(Obj pod) {
        return order.size() > most && surplus().contains(Key.of(pod));
    }
}
