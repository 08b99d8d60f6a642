package io.manul.client.internal;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events on one virtual thread; a repeat of the same raises the count of the one that is there. Of those that differ in
 * their message only, the tenth and later within 10 min are one event (upstream's aggregation). Of one object at most 25 are
 * written at once and then one in 5 min (upstream's spam filter). At most 1,000 wait; more are dropped and the first
 * drop is logged. What waits at the end is still written, for at most 1 s.
 */
final class EventRecorder implements Events {

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MOST_WAITING = 1000;
    private static final int MOST_KNOWN = 512;
    private static final Duration FLUSH = Duration.ofSeconds(1);
    private static final int MOST_SIMILAR = 10;
    private static final Duration SIMILAR_FOR = Duration.ofMinutes(10);
    private static final double BURST = 25;
    private static final double REFILL_SECONDS_EACH = 300;
    private static final Told END = new Told(Obj.of(), "", "", "", Instant.EPOCH);

    private record Told(Obj about, String type, String reason, String message, Instant at) {
        String same() {
            return similar() + "/" + message;
        }

        String similar() {
            return about.uid() + "/" + Key.of(about) + "/" + about.text("fieldPath") + "/" + type + "/" + reason;
        }

        Told saying(String other) {
            return new Told(about, type, reason, other, at);
        }
    }

    /** Messages of similar events, at most {@link #MOST_SIMILAR}. */
    private record Similar(Set<String> messages, Instant last) {
    }

    private record Known(String namespace, String name, long count) {
    }

    /** What an object may still tell. */
    private record Allowance(double left, Instant at) {
    }

    private final Cluster cluster;
    private final String component;
    private final BlockingQueue<Told> queue = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Thread thread;
    private volatile boolean dropping;
    /** What was told lately; the recorder's thread only. */
    private final Map<String, Known> known = bounded();
    private final Map<String, Similar> similar = bounded();
    private final Map<String, Allowance> allowances = bounded();

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST_KNOWN;
            }
        };
    }

    EventRecorder(Cluster cluster, String component) {
        this.cluster = cluster;
        this.component = component;
        this.thread = Thread.ofVirtual().name("events-" + component).start(this::run);
    }

    @Override
    public void normal(Obj about, String reason, String message) {
        tell(about, "Normal", reason, message);
    }

    @Override
    public void warning(Obj about, String reason, String message) {
        tell(about, "Warning", reason, message);
    }

    private void tell(Obj about, String type, String reason, String message) {
        String text = message.length() > 1024 ? message.substring(0, 1024) : message;
        Obj ref = Obj.of("kind", about.kind(), "apiVersion", about.apiVersion(), "fieldPath", about.string("fieldPath").orElse(null),
                "metadata", Obj.of("namespace", about.namespace(), "name", about.name(), "uid", about.uid(),
                        "resourceVersion", about.resourceVersion()));
        boolean taken = queue.offer(new Told(ref, type, reason, text, Instant.now()));
        if (!taken && !dropping) {
            LOG.warn("Events are dropped: the API does not take them fast enough component={}", component);
        }
        dropping = !taken;
    }

    private void run() {
        try {
            for (;;) {
                Told t = queue.take();
                if (t == END) {
                    return;
                }
                try {
                    if (allowed(t)) {
                        write(t);
                    }
                } catch (ClusterException | RuntimeException e) {
                    LOG.debug("Event not written reason={} object={} why={}", t.reason, Key.of(t.about), e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean allowed(Told t) {
        String object = t.about.uid() + "/" + Key.of(t.about);
        Allowance a = allowances.getOrDefault(object, new Allowance(BURST, t.at));
        double left = Math.min(BURST, a.left + Duration.between(a.at, t.at).toMillis() / 1000.0 / REFILL_SECONDS_EACH);
        allowances.put(object, new Allowance(left >= 1 ? left - 1 : left, t.at));
        return left >= 1;
    }

    private boolean combined(Told t) {
        Similar before = similar.get(t.similar());
        Set<String> messages = before == null || Duration.between(before.last, t.at).compareTo(SIMILAR_FOR) > 0 ? new HashSet<>() : before.messages;
        messages.add(t.message);
        boolean many = messages.size() >= MOST_SIMILAR;
        if (many) {
            messages.remove(messages.iterator().next());
        }
        similar.put(t.similar(), new Similar(messages, t.at));
        return many;
    }

    private void write(Told told) throws ClusterException, InterruptedException {
        boolean combined = combined(told);
        Told t = combined ? told.saying("(combined from similar events): " + told.message) : told;
        String same = combined ? t.similar() : t.same();
        String at = t.at.truncatedTo(ChronoUnit.SECONDS).toString();
        Known before = known.get(same);
        if (before != null) {
            try {
                cluster.patch(Resources.EVENTS, before.namespace, before.name, "", Patch.MERGE,
                        Obj.of("count", before.count + 1, "lastTimestamp", at, "message", combined ? t.message : null));
                known.put(same, new Known(before.namespace, before.name, before.count + 1));
                return;
            } catch (ClusterException e) {
                if (!e.notFound()) {
                    throw e;
                }
            }
        }
        String namespace = t.about.namespace().isEmpty() ? "default" : t.about.namespace();
        String name = t.about.name() + "." + Long.toHexString(t.at.getEpochSecond() * 1_000_000_000L + t.at.getNano());
        cluster.create(Resources.EVENTS, namespace, Obj.of("apiVersion", "v1", "kind", "Event",
                "metadata", Obj.of("name", name, "namespace", namespace),
                "involvedObject", Obj.of("apiVersion", t.about.apiVersion(), "kind", t.about.kind(), "name", t.about.name(),
                        "namespace", t.about.namespace().isEmpty() ? null : t.about.namespace(), "uid", t.about.uid(),
                        "resourceVersion", t.about.resourceVersion(), "fieldPath", t.about.string("fieldPath").orElse(null)),
                "reason", t.reason, "message", t.message, "type", t.type, "count", 1, "firstTimestamp", at, "lastTimestamp", at,
                "source", Obj.of("component", component), "reportingComponent", component, "reportingInstance", ""));
        known.put(same, new Known(namespace, name, 1));
    }

    @Override
    public void close() {
        try {
            if (!queue.offer(END) || !thread.join(FLUSH)) {
                thread.interrupt();
            }
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
