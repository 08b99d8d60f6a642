package io.manul.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sessions and retained messages as bytes, for the next version of this room. Times are written as what is left of them.
 * Format: version, retained messages, sessions (identity, client id, expiry, Will, subscriptions, messages not delivered yet).
 */
final class Handover {

    private static final int VERSION = 1;
    private static final int MOST = 1 << 20;

    private Handover() {
    }

    // ---- writing

    static byte[] write(Broker broker) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        DataOutputStream out = new DataOutputStream(bytes);
        long now = broker.now();
        out.writeInt(VERSION);
        List<Message> retained = broker.retainedMessages().stream().filter(m -> !m.expired(now)).toList();
        out.writeInt(retained.size());
        for (Message m : retained) {
            write(out, m, now);
        }
        out.writeInt(broker.sessions().size());
        for (Session s : broker.sessions()) {
            write(out, s, now);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Session s, long now) throws IOException {
        out.writeUTF(s.access.identity());
        out.writeUTF(s.access.node());
        out.writeUTF(s.clientId);
        boolean connected = s.connection != null || s.handedOver();
        out.writeBoolean(connected);
        out.writeLong(s.expirySeconds);
        out.writeLong(s.connection != null ? 0 : Math.max(0, s.endsAt - now));
        out.writeBoolean(s.will != null);
        if (s.will != null) {
            write(out, s.will.message(), now);
            out.writeLong(s.will.delaySeconds());
            out.writeLong(s.will.expirySeconds());
            out.writeLong(s.connection != null ? 0 : Math.max(0, s.willAt - now));
        }
        out.writeInt(s.subscriptions.size());
        for (Subscription sub : s.subscriptions.values()) {
            out.writeUTF(sub.filter());
            out.writeInt(sub.qos());
            out.writeBoolean(sub.noLocal());
            out.writeBoolean(sub.retainAsPublished());
            out.writeInt(sub.id());
        }
        out.writeInt(s.inFlight.size());
        for (Map.Entry<Integer, Session.Outbound> e : s.inFlight.entrySet()) {
            out.writeInt(e.getKey());
            write(out, e.getValue(), now);
        }
        List<Session.Outbound> queued = s.queued();
        out.writeInt(queued.size());
        for (Session.Outbound o : queued) {
            write(out, o, now);
        }
    }

    private static void write(DataOutputStream out, Session.Outbound o, long now) throws IOException {
        write(out, o.message(), now);
        out.writeInt(o.qos());
        out.writeBoolean(o.retain());
        out.writeInt(o.ids().size());
        for (int id : o.ids()) {
            out.writeInt(id);
        }
    }

    private static void write(DataOutputStream out, Message m, long now) throws IOException {
        out.writeUTF(m.topic());
        out.writeInt(m.payload().length);
        out.write(m.payload());
        out.writeInt(m.qos());
        out.writeBoolean(m.retain());
        out.writeLong(m.expiresAt() == Message.NEVER ? Message.NEVER : Math.max(0, m.expiresAt() - now));
        out.writeInt(m.passed().size());
        for (MqttProperties.MqttProperty<?> p : m.passed()) {
            out.writeInt(p.propertyId());
            switch (p) {
                case MqttProperties.IntegerProperty i -> out.writeInt(i.value());
                case MqttProperties.UserProperty u -> {
                    out.writeUTF(u.value().key);
                    out.writeUTF(u.value().value);
                }
                case MqttProperties.StringProperty s -> out.writeUTF(s.value());
                case MqttProperties.BinaryProperty b -> {
                    out.writeInt(b.value().length);
                    out.write(b.value());
                }
                default -> throw new IOException("property " + p.propertyId() + " is of no known kind");
            }
        }
    }

    // ---- reading

    /** False when the bytes are of another version (nothing is taken then). */
    static boolean read(byte[] state, Broker broker) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(state));
        if (in.available() < Integer.BYTES || in.readInt() != VERSION) {
            return false;
        }
        long now = broker.now();
        for (int n = count(in); n > 0; n--) {
            broker.restoreRetained(message(in, now));
        }
        List<Session> all = new ArrayList<>();
        for (int n = count(in); n > 0; n--) {
            all.add(session(in, broker, now));
        }
        all.forEach(broker::restore);
        return true;
    }

    private static int count(DataInputStream in) throws IOException {
        int n = in.readInt();
        if (n < 0 || n > MOST) {
            throw new IOException("a count of " + n + " in what the version before left");
        }
        return n;
    }

    private static Session session(DataInputStream in, Broker broker, long now) throws IOException {
        Session s = new Session(new Access(in.readUTF(), in.readUTF(), broker.cluster), in.readUTF());
        boolean connected = in.readBoolean();
        s.handedOver(connected);
        s.expirySeconds = in.readLong();
        long left = in.readLong();
        s.endsAt = now + (connected ? Math.max(Limits.HANDOVER_MILLIS, Math.max(left, s.expirySeconds * 1000)) : left);
        if (in.readBoolean()) {
            s.will = new Will(message(in, now), in.readLong(), in.readLong());
            long willLeft = in.readLong();
            s.willAt = now + (connected ? Math.max(Limits.HANDOVER_MILLIS, s.will.delaySeconds() * 1000) : willLeft);
        }
        for (int n = count(in); n > 0; n--) {
            Subscription sub = new Subscription(in.readUTF(), in.readInt(), in.readBoolean(), in.readBoolean(), in.readInt());
            s.subscriptions.put(sub.filter(), sub);
        }
        for (int n = count(in); n > 0; n--) {
            s.inFlight.put(in.readInt(), outbound(in, now));
        }
        for (int n = count(in); n > 0; n--) {
            s.queue(outbound(in, now), broker.limits);
        }
        return s;
    }

    private static Session.Outbound outbound(DataInputStream in, long now) throws IOException {
        Message m = message(in, now);
        int qos = in.readInt();
        boolean retain = in.readBoolean();
        List<Integer> ids = new ArrayList<>(0);
        for (int n = count(in); n > 0; n--) {
            ids.add(in.readInt());
        }
        return new Session.Outbound(m, qos, retain, ids);
    }

    private static Message message(DataInputStream in, long now) throws IOException {
        String topic = in.readUTF();
        byte[] payload = bytes(in);
        int qos = in.readInt();
        boolean retain = in.readBoolean();
        long left = in.readLong();
        List<MqttProperties.MqttProperty<?>> passed = new ArrayList<>(0);
        for (int n = count(in); n > 0; n--) {
            passed.add(property(in));
        }
        return new Message(topic, payload, qos, retain, left == Message.NEVER ? Message.NEVER : now + left, passed);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] b = new byte[count(in)];
        in.readFully(b);
        return b;
    }

    private static MqttProperties.MqttProperty<?> property(DataInputStream in) throws IOException {
        int id = in.readInt();
        return switch (id) {
            case MqttProperties.PAYLOAD_FORMAT_INDICATOR -> new MqttProperties.IntegerProperty(id, in.readInt());
            case MqttProperties.USER_PROPERTY -> new MqttProperties.UserProperty(in.readUTF(), in.readUTF());
            case MqttProperties.CORRELATION_DATA -> new MqttProperties.BinaryProperty(id, bytes(in));
            case MqttProperties.CONTENT_TYPE, MqttProperties.RESPONSE_TOPIC -> new MqttProperties.StringProperty(id, in.readUTF());
            default -> throw new IOException("a property " + id + " in what the version before left");
        };
    }
}
