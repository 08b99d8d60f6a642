package io.manul.kubelet.pod;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Waits that double (Kubernetes, "Pod Lifecycle", "Container restart policy": 10 s to 5 min, forgotten after 10 min without
 * a failure). Safe from any thread.
 */
public final class Backoff {

    public static final Duration FIRST = Duration.ofSeconds(10);
    public static final Duration MOST = Duration.ofMinutes(5);

    private record Entry(Duration length, Instant since) {
    }

    private final InstantSource clock;
    private final Map<String, Entry> entries = new HashMap<>();

    public Backoff(InstantSource clock) {
        this.clock = clock;
    }

    /** What is left to wait after a failure at that time; empty: go on. */
    public synchronized Optional<Duration> left(String key, Instant failed) {
        Entry e = entries.get(key);
        if (e == null || forgotten(e, failed)) {
            return Optional.empty();
        }
        Duration left = e.length.minus(Duration.between(failed, clock.instant()));
        return left.isPositive() ? Optional.of(left) : Optional.empty();
    }

    /** The next try begins after a failure at that time: the wait after its failure is twice as long. */
    public synchronized void next(String key, Instant failed) {
        Entry e = entries.get(key);
        Duration wait = e == null || forgotten(e, failed) ? FIRST : min(e.length.multipliedBy(2));
        entries.put(key, new Entry(wait, clock.instant()));
    }

    /** The length of the wait in force, for messages. */
    public synchronized Duration wait(String key) {
        Entry e = entries.get(key);
        return e == null ? FIRST : e.length;
    }

    private static boolean forgotten(Entry e, Instant failed) {
        return Duration.between(e.since, failed).compareTo(MOST.multipliedBy(2)) > 0;
    }

    private static Duration min(Duration d) {
        return d.compareTo(MOST) > 0 ? MOST : d;
    }

    /** Forgets everything of a pod. */
    public synchronized void forget(String prefix) {
        entries.keySet().removeIf(k -> k.startsWith(prefix));
    }

    public synchronized Obj save() {
        Obj out = Obj.of();
        entries.forEach((k, e) -> out.put(k, Obj.of("wait", e.length.toMillis(), "since", e.since.toEpochMilli())));
        return out;
    }

    public synchronized void load(Obj saved) {
        for (String key : saved.map().keySet()) {
            entries.put(key, new Entry(min(Duration.ofMillis(saved.number(key, "wait").orElse(FIRST.toMillis()))),
                    Instant.ofEpochMilli(saved.number(key, "since").orElse(0))));
        }
    }
}
