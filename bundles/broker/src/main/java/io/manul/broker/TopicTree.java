package io.manul.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Finds the subscriptions of a topic without asking each session. The event loop's thread only. */
final class TopicTree {

    private static final class Entry {
        private final Map<String, Entry> children = new HashMap<>(4);
        private final Map<Session, Subscription> here = new HashMap<>(4);

        private boolean empty() {
            return children.isEmpty() && here.isEmpty();
        }
    }

    private final Entry root = new Entry();

    void add(Session session, Subscription subscription) {
        Entry at = root;
        for (String level : Topics.levels(subscription.filter())) {
            at = at.children.computeIfAbsent(level, l -> new Entry());
        }
        at.here.put(session, subscription);
    }

    void remove(Session session, String filter) {
        remove(root, Topics.levels(filter), 0, session);
    }

    private static void remove(Entry at, String[] levels, int depth, Session session) {
        if (depth == levels.length) {
            at.here.remove(session);
            return;
        }
        Entry next = at.children.get(levels[depth]);
        if (next != null) {
            remove(next, levels, depth + 1, session);
            if (next.empty()) {
                at.children.remove(levels[depth]);
            }
        }
    }

    /** Tells each matching subscription; a session with overlapping ones is told several times. */
    void match(String topic, BiConsumer<Session, Subscription> found) {
        match(root, Topics.levels(topic), 0, topic.startsWith("$"), found);
    }

    private static void match(Entry at, String[] levels, int depth, boolean system, BiConsumer<Session, Subscription> found) {
        boolean wild = depth > 0 || !system;
        Entry rest = wild ? at.children.get("#") : null;
        if (rest != null) {
            rest.here.forEach(found);
        }
        if (depth == levels.length) {
            at.here.forEach(found);
            return;
        }
        Entry literal = at.children.get(levels[depth]);
        if (literal != null) {
            match(literal, levels, depth + 1, system, found);
        }
        Entry any = wild ? at.children.get("+") : null;
        if (any != null) {
            match(any, levels, depth + 1, system, found);
        }
    }
}
