package io.manul.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last retained message of each topic, bounded in all and for each node. The event loop's thread only. */
final class Retained {

    /** {@code kn/v1/CLUSTER/n/NODE}: topics with these first levels share a bound. */
    private static final int OWNER_LEVELS = 5;

    private final int most;
    private final int mostOfOwner;
    private final int mostBytes;
    private final Map<String, Message> byTopic = new LinkedHashMap<>();
    private final Map<String, Integer> byOwner = new HashMap<>();
    private int bytes;

    Retained(Limits limits) {
        this.most = limits.retained();
        this.mostOfOwner = limits.retainedOfNode();
        this.mostBytes = limits.retainedBytes();
    }

    /** Keeps or, when it is empty, removes. False when there is no room. */
    boolean put(Message m, long now) {
        Message old = byTopic.get(m.topic());
        if (m.payload().length == 0) {
            drop(old);
            return true;
        }
        if (full(m, old)) {
            byTopic.values().stream().filter(kept -> kept != old && kept.expired(now)).toList().forEach(this::drop);
            if (full(m, old)) {
                return false;
            }
        }
        drop(old);
        byTopic.put(m.topic(), m);
        byOwner.merge(owner(m.topic()), 1, Integer::sum);
        bytes += m.size();
        return true;
    }

    private void drop(Message kept) {
        if (kept != null && byTopic.remove(kept.topic()) != null) {
            bytes -= kept.size();
            byOwner.computeIfPresent(owner(kept.topic()), (o, n) -> n == 1 ? null : n - 1);
        }
    }

    private boolean full(Message m, Message old) {
        int one = old == null ? 1 : 0;
        return byTopic.size() + one > most || bytes + m.size() - (old == null ? 0 : old.size()) > mostBytes
                || m.topic().startsWith("kn/v1/") && byOwner.getOrDefault(owner(m.topic()), 0) + one > mostOfOwner;
    }

    private static String owner(String topic) {
        int end = -1;
        for (int i = 0; i < OWNER_LEVELS; i++) {
            end = topic.indexOf('/', end + 1);
            if (end < 0) {
                return topic;
            }
        }
        return topic.substring(0, end);
    }

    List<Message> matching(String filter, long now) {
        if (Topics.name(filter)) {
            Message m = byTopic.get(filter);
            return m == null || m.expired(now) ? List.of() : List.of(m);
        }
        List<Message> found = new ArrayList<>();
        for (Message m : byTopic.values()) {
            if (!m.expired(now) && Topics.matches(filter, m.topic())) {
                found.add(m);
            }
        }
        return found;
    }

    Collection<Message> all() {
        return byTopic.values();
    }
}
