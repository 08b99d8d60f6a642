package io.manul.broker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/**
 * What the broker knows of one client between its connections (MQTT 5.0, 4.1). It belongs to a certificate: the same client
 * id under another certificate is another session. The event loop's thread only.
 */
final class Session {

    /** A message on its way to this client. @param qos granted; @param ids subscription identifiers */
    record Outbound(Message message, int qos, boolean retain, List<Integer> ids) {
    }

    private static final int IDS = 65_535;

    final Access access;
    final String clientId;
    final Map<String, Subscription> subscriptions = new HashMap<>(4);
    /** Sent, not acknowledged, in the order of sending; by packet id. */
    final Map<Integer, Outbound> inFlight = new LinkedHashMap<>(4);
    private final ArrayDeque<Outbound> queue = new ArrayDeque<>(4);
    private int queuedBytes;
    private int lastId;

    /** Null while the client is away. */
    Connection connection;
    long expirySeconds;
    /** Null without one. */
    Will will;
    /** While away: when the Will is published and when the session ends, on the broker's clock. */
    long willAt;
    long endsAt;
    Future<?> timer;
    private boolean handedOver;

    Session(Access access, String clientId) {
        this.access = access;
        this.clientId = clientId;
    }

    static String key(Access access, String clientId) {
        return access.identity() + "\n" + clientId;
    }

    String key() {
        return key(access, clientId);
    }

    /** It was connected when the broker was replaced, and has not come back yet: that is no reason for a Will. */
    boolean handedOver() {
        return handedOver;
    }

    void handedOver(boolean yes) {
        handedOver = yes;
    }

    /** Queues; the oldest make room. False when something was lost. */
    boolean queue(Outbound out, Limits limits) {
        queue.add(out);
        queuedBytes += out.message.size();
        boolean all = true;
        while (queue.size() > limits.queued() || queuedBytes > limits.queuedBytes()) {
            poll();
            all = false;
        }
        return all;
    }

    /** The next one, or null. */
    Outbound poll() {
        Outbound out = queue.poll();
        queuedBytes -= out == null ? 0 : out.message.size();
        return out;
    }

    List<Outbound> queued() {
        return List.copyOf(queue);
    }

    int nextId() {
        do {
            lastId = lastId % IDS + 1;
        } while (inFlight.containsKey(lastId));
        return lastId;
    }
}
