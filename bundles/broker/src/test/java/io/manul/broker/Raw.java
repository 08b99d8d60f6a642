package io.manul.broker;

import io.manul.api.pki.Pki;
import io.manul.api.testing.TestPki;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
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
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that sends any packet, right or wrong, and shows what comes back as text: {@code PUBLISH a/b q1 hello}. */
final class Raw implements AutoCloseable {

    private static final String CLOSED = "closed";

    private final BlockingQueue<String> in = new LinkedBlockingQueue<>();
    private final Channel channel;
    private boolean ack = true;

    Raw(EventLoopGroup group, int port, TestPki pki, Pki.Identity who) throws Exception {
        SslContextBuilder b = SslContextBuilder.forClient().trustManager(
                new ByteArrayInputStream(pki.serverCaPem().getBytes(StandardCharsets.US_ASCII))).endpointIdentificationAlgorithm("HTTPS");
        SslContext tls = (who == null ? b : b.keyManager(who.key(), who.chain())).build();
        channel = new Bootstrap().group(group).channel(NioSocketChannel.class).handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel c) {
                c.pipeline().addLast(tls.newHandler(c.alloc(), "127.0.0.1", port), MqttEncoder.INSTANCE, new MqttDecoder(1 << 20, 512), new In());
            }
        }).connect("127.0.0.1", port).sync().channel();
    }

    private final class In extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object read) {
            MqttMessage m = (MqttMessage) read;
            in.add(text(m));
            if (ack && m instanceof MqttPublishMessage p && p.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                ctx.writeAndFlush(pubAck(p.variableHeader().packetId()));
            }
            io.netty.util.ReferenceCountUtil.release(read);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            in.add(CLOSED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            in.add("error " + cause.getMessage());
        }
    }

    private static String text(MqttMessage m) {
        if (m.decoderResult().isFailure()) {
            return "undecodable " + m.decoderResult().cause();
        }
        return switch (m) {
            case MqttPublishMessage p -> {
                StringBuilder s = new StringBuilder("PUBLISH " + p.variableHeader().topicName() + " q" + p.fixedHeader().qosLevel().value());
                s.append(p.fixedHeader().isRetain() ? " retain" : "").append(p.fixedHeader().isDup() ? " dup" : "");
                for (MqttProperties.MqttProperty<?> prop : p.variableHeader().properties().listAll()) {
                    s.append(" ").append(prop.propertyId()).append('=').append(switch (prop.value()) {
                        case byte[] b -> new String(b, StandardCharsets.UTF_8);
                        case List<?> l when l.getFirst() instanceof MqttProperties.StringPair u -> u.key + ":" + u.value;
                        default -> prop.value();
                    });
                }
                yield s + " " + new String(ByteBufUtil.getBytes(p.payload()), StandardCharsets.UTF_8);
            }
            case io.netty.handler.codec.mqtt.MqttConnAckMessage c -> "CONNACK " + hex(c.variableHeader().connectReturnCode().byteValue())
                    + (c.variableHeader().isSessionPresent() ? " present" : "");
            case io.netty.handler.codec.mqtt.MqttSubAckMessage s -> "SUBACK " + s.payload().reasonCodes();
            case io.netty.handler.codec.mqtt.MqttUnsubAckMessage s -> "UNSUBACK " + s.payload().unsubscribeReasonCodes();
            default -> m.fixedHeader().messageType() + switch (m.variableHeader()) {
                case MqttPubReplyMessageVariableHeader h -> " " + hex(h.reasonCode());
                case MqttReasonCodeAndPropertiesVariableHeader h -> " " + hex(h.reasonCode());
                case null, default -> m.fixedHeader().messageType() == MqttMessageType.PUBACK ? " 00" : "";
            };
        };
    }

    private static String hex(byte b) {
        return String.format("%02x", b);
    }

    private static MqttFixedHeader head(MqttMessageType type, int qos, boolean retain) {
        return new MqttFixedHeader(type, false, MqttQoS.valueOf(qos), retain, 0);
    }

    static MqttMessage pubAck(int id) {
        return new MqttMessage(head(MqttMessageType.PUBACK, 0, false), new MqttPubReplyMessageVariableHeader(id, (byte) 0, MqttProperties.NO_PROPERTIES));
    }

    static MqttProperties properties(int... idsAndValues) {
        MqttProperties p = new MqttProperties();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            p.add(new MqttProperties.IntegerProperty(idsAndValues[i], idsAndValues[i + 1]));
        }
        return p;
    }

    Raw withoutAcks() {
        ack = false;
        return this;
    }

    Raw send(MqttMessage m) {
        channel.writeAndFlush(m);
        return this;
    }

    Raw sendBytes(byte[] plain) {
        channel.pipeline().context(MqttEncoder.class).writeAndFlush(Unpooled.wrappedBuffer(plain));
        return this;
    }

    Raw connect(String id, boolean clean, int keepAlive, MqttProperties properties) {
        return send(new MqttConnectMessage(head(MqttMessageType.CONNECT, 0, false),
                new MqttConnectVariableHeader("MQTT", 5, false, false, false, 0, false, clean, keepAlive, properties),
                new MqttConnectPayload(id, MqttProperties.NO_PROPERTIES, null, null, null, null)));
    }

    Raw connect(String id, boolean clean, int expiry) {
        return connect(id, clean, 60, properties(MqttProperties.SESSION_EXPIRY_INTERVAL, expiry));
    }

    Raw connectWithWill(String id, boolean clean, int keepAlive, int expiry, String topic, String body, int qos, boolean retain, int delay) {
        return send(new MqttConnectMessage(head(MqttMessageType.CONNECT, 0, false),
                new MqttConnectVariableHeader("MQTT", 5, false, false, retain, qos, true, clean, keepAlive,
                        properties(MqttProperties.SESSION_EXPIRY_INTERVAL, expiry)),
                new MqttConnectPayload(id, properties(MqttProperties.WILL_DELAY_INTERVAL, delay), topic, body.getBytes(StandardCharsets.UTF_8), null, null)));
    }

    Raw publish(String topic, int qos, boolean retain, String body, MqttProperties properties) {
        return send(new MqttPublishMessage(head(MqttMessageType.PUBLISH, qos, retain),
                new MqttPublishVariableHeader(topic, qos == 0 ? 0 : 7, properties), Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8))));
    }

    Raw publish(String topic, int qos, String body) {
        return publish(topic, qos, false, body, MqttProperties.NO_PROPERTIES);
    }

    Raw subscribe(int qos, String... filters) {
        return subscribe(0, new MqttSubscriptionOption(MqttQoS.valueOf(qos), false, false,
                MqttSubscriptionOption.RetainedHandlingPolicy.SEND_AT_SUBSCRIBE), filters);
    }

    Raw subscribe(int subId, MqttSubscriptionOption option, String... filters) {
        MqttProperties p = subId == 0 ? MqttProperties.NO_PROPERTIES : properties(MqttProperties.SUBSCRIPTION_IDENTIFIER, subId);
        return send(new MqttSubscribeMessage(head(MqttMessageType.SUBSCRIBE, 1, false), new MqttMessageIdAndPropertiesVariableHeader(3, p),
                new MqttSubscribePayload(java.util.stream.Stream.of(filters).map(f -> new MqttTopicSubscription(f, option)).toList())));
    }

    Raw unsubscribe(String... filters) {
        return send(new io.netty.handler.codec.mqtt.MqttUnsubscribeMessage(head(MqttMessageType.UNSUBSCRIBE, 1, false),
                new MqttMessageIdAndPropertiesVariableHeader(4, MqttProperties.NO_PROPERTIES),
                new io.netty.handler.codec.mqtt.MqttUnsubscribePayload(List.of(filters))));
    }

    Raw disconnect(int reason) {
        return send(new MqttMessage(head(MqttMessageType.DISCONNECT, 0, false),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) reason, MqttProperties.NO_PROPERTIES)));
    }

    Raw ping() {
        return send(new MqttMessage(head(MqttMessageType.PINGREQ, 0, false)));
    }

    /** The next packet within 5 s. */
    String take() throws InterruptedException {
        String s = in.poll(5, TimeUnit.SECONDS);
        return s == null ? "nothing within 5 s" : s;
    }

    /** Takes and compares; returns this. */
    Raw expect(String... all) throws InterruptedException {
        for (String e : all) {
            org.junit.jupiter.api.Assertions.assertEquals(e, take());
        }
        return this;
    }

    /** Proves that nothing came before the answer to a ping that is sent now. */
    Raw expectNothing() throws InterruptedException {
        return ping().expect("PINGRESP");
    }

    /** Cuts the connection without a word. */
    void cut() throws InterruptedException {
        channel.close().sync();
    }

    @Override
    public void close() throws InterruptedException {
        cut();
    }
}
