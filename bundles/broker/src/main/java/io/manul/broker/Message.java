package io.manul.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.List;

/**
 * An application message.
 *
 * @param expiresAt the broker's clock, milliseconds; {@link #NEVER}
 * @param passed    the properties that travel unchanged (MQTT 5.0, 3.3.2.3)
 */
record Message(String topic, byte[] payload, int qos, boolean retain, long expiresAt, List<MqttProperties.MqttProperty<?>> passed) {

    static final long NEVER = Long.MAX_VALUE;
    /** Fixed header, lengths, packet id, expiry, one subscription identifier. */
    private static final int OVERHEAD = 32;

    boolean expired(long now) {
        return expiresAt != NEVER && now >= expiresAt;
    }

    /** About the bytes of its packet, never fewer. */
    int size() {
        int size = OVERHEAD + 3 * topic.length() + payload.length;
        for (MqttProperties.MqttProperty<?> p : passed) {
            size += switch (p.value()) {
                case String s -> 3 * s.length() + 3;
                case byte[] b -> b.length + 3;
                case MqttProperties.StringPair pair -> 3 * (pair.key.length() + pair.value.length()) + 5;
                default -> 5;
            };
        }
        return size;
    }
}
