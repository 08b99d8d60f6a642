package io.manul.broker;

import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions, subscriptions, retained messages, Wills. Everything here happens on the one event loop's thread: no locks, and
 * order is the order of arrival.
 */
final class Broker {

    /** Runs something later on the event loop. */
    interface Timers {
        Future<?> after(long millis, Runnable task);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    final Limits limits;
    final String cluster;
    private final LongSupplier clock;
    private final Timers timers;
    private final Map<String, Session> sessions = new HashMap<>();
    private final TopicTree tree = new TopicTree();
    private final Retained retained;
    private final Rate connects;
    private boolean closing;

    /** @param clock milliseconds, never going back */
    Broker(String cluster, Limits limits, LongSupplier clock, Timers timers) {
        this.cluster = cluster;
        this.limits = limits;
        this.clock = clock;
        this.timers = timers;
        this.retained = new Retained(limits);
        this.connects = new Rate(limits.connectsPerSecond(), limits.connectsPerSecond(), now());
    }

    long now() {
        return clock.getAsLong();
    }

    boolean mayConnectNow() {
        return connects.take(1, now());
    }

    // ---- connections

    /** Room for one more session of that identity, or the session is there already. */
    boolean room(Access access, String clientId) {
        if (sessions.containsKey(Session.key(access, clientId))) {
            return true;
        }
        long own = access.server() ? 0 : sessions.values().stream().filter(s -> s.access.identity().equals(access.identity())).count();
        return sessions.size() < limits.sessions() && own < limits.sessionsOfNode();
    }

    /** A resumed session, or a new one. @param resumed whether it was there */
    record Opened(Session session, boolean resumed) {
    }

    /** Takes the session over for this connection (MQTT 5.0, 3.1.2.4, 3.1.4). The caller answers, then calls {@link #resume}. */
    Opened open(Connection connection, Access access, String clientId, boolean cleanStart, long expirySeconds, Will will) {
        Session old = sessions.get(Session.key(access, clientId));
        if (old != null) {
            cancel(old);
            if (old.connection != null) {
                Connection before = old.connection;
                old.connection = null;
                before.close(MqttReasonCodes.Disconnect.SESSION_TAKEN_OVER);
                if (cleanStart || old.will != null && old.will.delaySeconds() == 0) {
                    publishWill(old);
                }
            } else if (cleanStart && !old.handedOver()) {
                publishWill(old);
            }
            old.will = null;
            if (cleanStart) {
                forget(old);
                old = null;
            }
        }
        Session session = old == null ? new Session(access, clientId) : old;
        session.connection = connection;
        session.will = will;
        session.expirySeconds = expirySeconds;
        session.handedOver(false);
        sessions.put(session.key(), session);
        return new Opened(session, old != null);
    }

    /** Sends what waited: unacknowledged first, in order, then the queue (MQTT 5.0, 4.4). */
    void resume(Session s) {
        long now = now();
        s.inFlight.values().removeIf(o -> o.message().expired(now));
        s.inFlight.forEach((id, out) -> s.connection.send(Packets.publish(out, id, true, now)));
        pump(s);
    }

    /** The connection ended. @param withWill false after a DISCONNECT that took the Will back */
    void lost(Connection connection, Session s, boolean withWill) {
        if (closing || s.connection != connection) {
            return; // handed over, or taken over: the session is not this connection's any more
        }
        s.connection = null;
        if (!withWill) {
            s.will = null;
        }
        long now = now();
        s.endsAt = now + s.expirySeconds * 1000;
        s.willAt = now + (s.will == null ? 0 : s.will.delaySeconds() * 1000);
        due(s);
    }

    /** While a client is away: its Will, its end, whichever is due; a Will never outlives its session. */
    private void due(Session s) {
        s.timer = null;
        long now = now();
        boolean over = now >= s.endsAt;
        if (s.will != null && (over || now >= s.willAt)) {
            publishWill(s);
        }
        if (over) {
            forget(s);
            return;
        }
        long next = s.will == null ? s.endsAt : Math.min(s.endsAt, s.willAt);
        s.timer = timers.after(Math.max(1, next - now), () -> due(s));
    }

    private static void cancel(Session s) {
        if (s.timer != null) {
            s.timer.cancel(false);
            s.timer = null;
        }
    }

    private void publishWill(Session s) {
        if (s.will != null) {
            LOG.info("Client is lost, its last will is published identity={} client={} topic={}", s.access.identity(), s.clientId,
                    s.will.message().topic());
            Message m = s.will.published(now());
            s.will = null;
            publish(s, m);
        }
    }

    private void forget(Session s) {
        cancel(s);
        s.subscriptions.keySet().forEach(f -> tree.remove(s, f));
        sessions.remove(s.key());
    }

    // ---- messages

    /** Keeps a retained message, delivers to all that subscribed. @param from null for nobody's */
    MqttReasonCodes.PubAck publish(Session from, Message m) {
        if (m.retain() && !retained.put(m, now())) {
            return MqttReasonCodes.PubAck.QUOTA_EXCEEDED;
        }
        Map<Session, Session.Outbound> targets = new LinkedHashMap<>(4);
        tree.match(m.topic(), (s, sub) -> {
            if (!(sub.noLocal() && s == from)) {
                targets.merge(s, outbound(m, sub, sub.retainAsPublished() && m.retain()), Broker::merged);
            }
        });
        targets.forEach(this::deliver);
        return targets.isEmpty() ? MqttReasonCodes.PubAck.NO_MATCHING_SUBSCRIBERS : MqttReasonCodes.PubAck.SUCCESS;
    }

    private static Session.Outbound outbound(Message m, Subscription sub, boolean retain) {
        return new Session.Outbound(m, Math.min(m.qos(), sub.qos()), retain, sub.id() == 0 ? List.of() : List.of(sub.id()));
    }

    /** Overlapping subscriptions: one delivery with the higher QoS and all identifiers (MQTT 5.0, 3.3.4). */
    private static Session.Outbound merged(Session.Outbound a, Session.Outbound b) {
        List<Integer> ids = new ArrayList<>(a.ids());
        ids.addAll(b.ids());
        return new Session.Outbound(a.message(), Math.max(a.qos(), b.qos()), a.retain() || b.retain(), ids);
    }

    private void deliver(Session s, Session.Outbound out) {
        if (s.connection != null && out.message().size() > s.connection.maxPacket()) {
            LOG.debug("A message is too large for a client, dropped client={} topic={}", s.clientId, out.message().topic());
        } else if (out.qos() == 0) {
            if (s.connection != null && s.connection.writable()) {
                s.connection.send(Packets.publish(out, 0, false, now()));
            }
        } else if (!s.queue(out, limits)) {
            LOG.debug("A client's queue is full, the oldest message was dropped client={}", s.clientId);
            pump(s);
        } else {
            pump(s);
        }
    }

    /** Sends from the queue as far as the client's Receive Maximum allows. */
    void pump(Session s) {
        long now = now();
        while (s.connection != null && s.connection.writable() && s.inFlight.size() < s.connection.receiveMaximum()) {
            Session.Outbound out = s.poll();
            if (out == null) {
                return;
            }
            if (!out.message().expired(now) && out.message().size() <= s.connection.maxPacket()) {
                int id = s.nextId();
                s.inFlight.put(id, out);
                s.connection.send(Packets.publish(out, id, false, now));
            }
        }
    }

    void acknowledged(Session s, int id) {
        s.inFlight.remove(id);
        pump(s);
    }

    // ---- subscriptions

    /** When retained messages are sent at a subscription (MQTT 5.0, 3.8.3.1). */
    enum RetainHandling { ALWAYS, WHEN_NEW, NEVER }

    /** The filter is valid and allowed. False when the session has too many. */
    boolean subscribe(Session s, Subscription sub, RetainHandling handling, List<Session.Outbound> first) {
        boolean known = s.subscriptions.containsKey(sub.filter());
        if (!known && s.subscriptions.size() >= limits.subscriptions()) {
            return false;
        }
        s.subscriptions.put(sub.filter(), sub);
        tree.add(s, sub);
        if (handling == RetainHandling.ALWAYS || handling == RetainHandling.WHEN_NEW && !known) {
            retained.matching(sub.filter(), now()).forEach(m -> first.add(outbound(m, sub, true)));
        }
        return true;
    }

    /** The retained messages of a new subscription, after its acknowledgement. */
    void deliverFirst(Session s, List<Session.Outbound> first) {
        first.forEach(out -> deliver(s, out));
    }

    boolean unsubscribe(Session s, String filter) {
        tree.remove(s, filter);
        return s.subscriptions.remove(filter) != null;
    }

    // ---- hand-over

    /** Closes all connections; no Will is published. Sessions stay as they are, for {@link Handover}. */
    void close() {
        closing = true;
        for (Session s : sessions.values()) {
            cancel(s);
            if (s.connection != null) {
                s.connection.close(MqttReasonCodes.Disconnect.SERVER_SHUTTING_DOWN);
            }
        }
    }

    Collection<Session> sessions() {
        return sessions.values();
    }

    Collection<Message> retainedMessages() {
        return retained.all();
    }

    void restoreRetained(Message m) {
        retained.put(m, now());
    }

    /** A session of the version before; its client is away, times are set. */
    void restore(Session s) {
        sessions.put(s.key(), s);
        s.subscriptions.values().forEach(sub -> tree.add(s, sub));
        due(s);
    }
}
