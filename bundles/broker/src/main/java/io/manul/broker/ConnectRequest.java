package io.manul.broker;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A CONNECT packet, checked (MQTT 5.0, 3.1), with what the answer must say about it.
 *
 * @param assigned   the client id was made here
 * @param maxPacket  bytes that the client takes
 */
record ConnectRequest(String clientId, boolean assigned, boolean cleanStart, int keepAlive, boolean keepAliveChanged,
        long expirySeconds, boolean expiryCut, int receiveMaximum, int maxPacket, Will will) {

    private static final int PROTOCOL = 5;

    /** Why a client is not let in. */
    static final class Refused extends Exception {
        final transient MqttConnectReturnCode code;

        Refused(MqttConnectReturnCode code, String why) {
            super(why, null, false, false);
            this.code = code;
        }
    }

    static ConnectRequest of(MqttConnectMessage m, Access access, Limits limits) throws Refused {
        MqttConnectVariableHeader head = m.variableHeader();
        MqttProperties properties = head.properties();
        if (head.version() != PROTOCOL) {
            throw new Refused(MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION, "MQTT 5 is spoken here, not " + head.version());
        }
        if (properties.getProperty(MqttProperties.AUTHENTICATION_METHOD) != null) {
            throw new Refused(MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD, "the certificate is the only authentication");
        }
        long receive = Packets.number(properties, MqttProperties.RECEIVE_MAXIMUM, 65_535);
        long packet = Packets.number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, Limits.PACKET);
        if (receive == 0 || packet == 0) {
            throw new Refused(MqttConnectReturnCode.CONNECTION_REFUSED_PROTOCOL_ERROR, "receive maximum or maximum packet size is 0");
        }
        String id = m.payload().clientIdentifier();
        boolean assigned = id == null || id.isEmpty();
        long expiry = Packets.number(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, 0);
        int keepAlive = head.keepAliveTimeSeconds() == 0 ? Limits.KEEP_ALIVE_UNSET : Math.min(head.keepAliveTimeSeconds(), Limits.KEEP_ALIVE);
        return new ConnectRequest(assigned ? "auto-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) : id, assigned,
                head.isCleanSession(), keepAlive, keepAlive != head.keepAliveTimeSeconds(), Math.min(expiry, Limits.SESSION_EXPIRY),
                expiry > Limits.SESSION_EXPIRY, (int) Math.min(receive, limits.inFlight()), (int) Math.min(packet, Limits.PACKET),
                head.isWillFlag() ? will(head, m.payload(), access) : null);
    }

    private static Will will(MqttConnectVariableHeader head, MqttConnectPayload payload, Access access) throws Refused {
        if (!Topics.name(payload.willTopic())) {
            throw new Refused(MqttConnectReturnCode.CONNECTION_REFUSED_TOPIC_NAME_INVALID, "the will's topic is not a topic name");
        }
        if (!access.mayPublish(payload.willTopic())) {
            throw new Refused(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5, "may not publish its will to " + payload.willTopic());
        }
        if (head.willQos() > 1) {
            throw new Refused(MqttConnectReturnCode.CONNECTION_REFUSED_QOS_NOT_SUPPORTED, "the will's QoS is 2, at most 1 is supported");
        }
        MqttProperties p = payload.willProperties();
        byte[] body = Optional.ofNullable(payload.willMessageInBytes()).orElse(new byte[0]);
        Message message = new Message(payload.willTopic(), body, head.willQos(), head.isWillRetain(), Message.NEVER, Packets.passed(p));
        return new Will(message, Packets.number(p, MqttProperties.WILL_DELAY_INTERVAL, 0),
                Packets.number(p, MqttProperties.PUBLICATION_EXPIRY_INTERVAL, Will.NO_EXPIRY));
    }

    /** What the CONNACK says: our bounds, and each wish that was not followed. */
    MqttProperties answer(Limits limits) {
        MqttProperties p = new MqttProperties();
        number(p, MqttProperties.MAXIMUM_QOS, 1);
        number(p, MqttProperties.RECEIVE_MAXIMUM, limits.inFlight());
        number(p, MqttProperties.MAXIMUM_PACKET_SIZE, Limits.PACKET);
        number(p, MqttProperties.TOPIC_ALIAS_MAXIMUM, limits.aliases());
        number(p, MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE, 0);
        if (expiryCut) {
            number(p, MqttProperties.SESSION_EXPIRY_INTERVAL, (int) expirySeconds);
        }
        if (keepAliveChanged) {
            number(p, MqttProperties.SERVER_KEEP_ALIVE, keepAlive);
        }
        if (assigned) {
            p.add(new MqttProperties.StringProperty(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, clientId));
        }
        return p;
    }

    private static void number(MqttProperties p, int id, int value) {
        p.add(new MqttProperties.IntegerProperty(id, value));
    }
}
