package io.manul.broker;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the packets that a server sends, and reads properties. */
final class Packets {

    private static final List<Integer> PASSED = List.of(MqttProperties.PAYLOAD_FORMAT_INDICATOR, MqttProperties.CONTENT_TYPE,
            MqttProperties.RESPONSE_TOPIC, MqttProperties.CORRELATION_DATA);

    private Packets() {
    }

    private static MqttFixedHeader header(MqttMessageType type) {
        return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0);
    }

    static MqttMessage pong() {
        return new MqttMessage(header(MqttMessageType.PINGRESP));
    }

    static MqttMessage disconnect(MqttReasonCodes.Disconnect why) {
        return new MqttMessage(header(MqttMessageType.DISCONNECT),
                new MqttReasonCodeAndPropertiesVariableHeader(why.byteValue(), MqttProperties.NO_PROPERTIES));
    }

    static MqttMessage connAck(MqttConnectReturnCode code, boolean sessionPresent, MqttProperties properties) {
        return new MqttConnAckMessage(header(MqttMessageType.CONNACK), new MqttConnAckVariableHeader(code, sessionPresent, properties));
    }

    static MqttMessage pubAck(int id, MqttReasonCodes.PubAck code) {
        return new MqttMessage(header(MqttMessageType.PUBACK),
                new MqttPubReplyMessageVariableHeader(id, code.byteValue(), MqttProperties.NO_PROPERTIES));
    }

    static MqttMessage subAck(int id, List<MqttReasonCodes.SubAck> codes) {
        return new MqttSubAckMessage(header(MqttMessageType.SUBACK), new MqttMessageIdAndPropertiesVariableHeader(id, MqttProperties.NO_PROPERTIES),
                new MqttSubAckPayload(codes.toArray(MqttReasonCodes.SubAck[]::new)));
    }

    static MqttMessage unsubAck(int id, List<Short> codes) {
        return new MqttUnsubAckMessage(header(MqttMessageType.UNSUBACK), new MqttMessageIdAndPropertiesVariableHeader(id, MqttProperties.NO_PROPERTIES),
                new MqttUnsubAckPayload(codes));
    }

    /** @param id packet id; 0 for QoS 0 */
    static MqttMessage publish(Session.Outbound out, int id, boolean again, long now) {
        Message m = out.message();
        MqttProperties properties = new MqttProperties();
        m.passed().forEach(properties::add);
        if (m.expiresAt() != Message.NEVER) {
            properties.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL,
                    (int) Math.max(1, (m.expiresAt() - now + 999) / 1000)));
        }
        out.ids().forEach(s -> properties.add(new MqttProperties.IntegerProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER, s)));
        return new MqttPublishMessage(new MqttFixedHeader(MqttMessageType.PUBLISH, again, MqttQoS.valueOf(out.qos()), out.retain(), 0),
                new MqttPublishVariableHeader(m.topic(), id, properties), Unpooled.wrappedBuffer(m.payload()));
    }

    static List<MqttProperties.MqttProperty<?>> passed(MqttProperties all) {
        List<MqttProperties.MqttProperty<?>> kept = new ArrayList<>(0);
        PASSED.forEach(id -> Optional.ofNullable(all.getProperty(id)).ifPresent(kept::add));
        kept.addAll(all.getProperties(MqttProperties.USER_PROPERTY).stream().map(p -> (MqttProperties.MqttProperty<?>) p).toList());
        return kept;
    }

    /** An integer property, unsigned. */
    static long number(MqttProperties all, int id, long otherwise) {
        return all.getProperty(id) instanceof MqttProperties.IntegerProperty p ? Integer.toUnsignedLong(p.value()) : otherwise;
    }

    static long expiresAt(MqttProperties all, long now) {
        long seconds = number(all, MqttProperties.PUBLICATION_EXPIRY_INTERVAL, -1);
        return seconds < 0 ? Message.NEVER : now + seconds * 1000;
    }
}
